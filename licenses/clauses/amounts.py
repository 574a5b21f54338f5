"""Thresholds and territories: the typed rows under a clause, as plain values and their legal words.

The models under `licenses.models` store the same fields; `catch`, tables and filters read these values.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Metric(StrEnum):
    MAU = "mau"
    DAU = "dau"
    UNIQUE_USERS = "unique_users"
    SERVICE_VISITS = "service_visits"
    DEVICES = "devices"
    REVENUE = "revenue"
    RECURRING_REVENUE = "recurring_revenue"

    @property
    def is_money(self) -> bool:
        return self in (Metric.REVENUE, Metric.RECURRING_REVENUE)


class Period(StrEnum):
    MONTH = "month"
    CALENDAR_MONTH = "calendar_month"
    YEAR = "year"
    CALENDAR_YEAR = "calendar_year"
    ANY_12_MONTHS = "any_12_months"
    NONE = "none"


class Comparator(StrEnum):
    GT = "gt"
    GTE = "gte"


class Measured(StrEnum):
    """`AT_RELEASE` looks once, at the month before the version came out."""

    AT_RELEASE = "at_release"
    ONGOING = "ongoing"


class Whose(StrEnum):
    LICENSEE = "licensee"
    LICENSEE_AND_AFFILIATES = "licensee_and_affiliates"
    GROUP_OR_EMPLOYER = "group_or_employer"
    PRODUCT = "product"


class AppliesTo(StrEnum):
    ANY_USE = "any_use"
    COMMERCIAL_USE = "commercial_use"
    MODEL_AS_A_SERVICE = "model_as_a_service"
    AI_ASSISTANT_PRODUCT = "ai_assistant_product"
    DISTRIBUTION = "distribution"


class Effect(StrEnum):
    SEPARATE_LICENSE = "separate_license"
    NO_RIGHTS = "no_rights"
    BRAND_DISPLAY = "brand_display"
    REGISTRATION = "registration"
    ROYALTY = "royalty"
    SECURITY_REVIEW = "security_review"


class Basis(StrEnum):
    """What ties a person or a use to a territory."""

    DOMICILE = "domicile"
    PRINCIPAL_PLACE_OF_BUSINESS = "principal_place_of_business"
    PLACE_OF_USE = "place_of_use"
    PLACE_OF_DISTRIBUTION = "place_of_distribution"
    OUTPUT_USE = "output_use"


class TerritoryEffect(StrEnum):
    NO_GRANT = "no_grant"
    PROHIBITED = "prohibited"


@dataclass(frozen=True, slots=True)
class ThresholdValue:
    """A size at which a clause begins to bind. Amounts are whole units of the currency, never cents."""

    metric: Metric
    amount: int
    period: Period
    comparator: Comparator
    measured: Measured
    whose: Whose
    applies_to: AppliesTo
    effect: Effect
    currency: str = ""
    or_equivalent: bool = False
    discretion: bool = False
    exceptions: str = ""


@dataclass(frozen=True, slots=True)
class TerritoryValue:
    """Places left out. `regions` are ISO 3166 alpha-2 codes, `EU` the 27 member states (not the EEA)."""

    regions: tuple[str, ...]
    basis: tuple[Basis, ...]
    effect: TerritoryEffect
    applies_to: str = "all_models"
    exception: str = ""
