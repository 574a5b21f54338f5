"""What a reader sees at a glance. Pure over values; templates draw it, as the page allows no inline styles."""

from .quarters import Chart, quarters
from .timeline import Span, Timeline, timeline

__all__ = ["Chart", "Span", "Timeline", "quarters", "timeline"]
