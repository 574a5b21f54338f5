"""Who asks, and what they want to do: the inputs of "may I use it?" as plain values (domain reference 7.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Use(StrEnum):
    """What somebody will do with a model; running it for oneself needs no word."""

    EVALUATE = "evaluate"
    PRODUCT = "product"
    HOST = "host"
    SELL_ACCESS = "sell-access"
    REDISTRIBUTE = "redistribute"
    FINE_TUNE = "fine-tune"
    PUBLISH = "publish"
    SELL_OUTPUTS = "sell-outputs"


class Training(StrEnum):
    """Which model is to be trained on outputs."""

    OWN_LLM = "own-llm"
    COMPETING = "competing"


class Student(StrEnum):
    """What becomes of a model that was trained on outputs."""

    PUBLISHED = "published"
    ALIKE = "alike"


class Organisation(StrEnum):
    COMPANY = "company"
    NON_PROFIT = "non_profit"
    PUBLIC_BODY = "public_body"
    UNIVERSITY = "university"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Profile:
    """One visitor's plans. What is not stated is taken for the harmless case, and a verdict says where it did so.

    Numbers are whole users, devices or units of `currency` (ISO 4217); revenue is that of the group, affiliates and
    employer included, and `product_…` that of the product alone. `users_at` pairs a month (`2025-03`) with the users
    of that month. Places are ISO 3166 alpha-2 codes; `fields` are slugs of domain reference 10.2.
    """

    commercial: bool = False
    #: Nobody said whether it is for a business: it was taken from the other answers.
    commercial_assumed: bool = False
    uses: frozenset[Use] = frozenset()
    training: Training | None = None
    student: frozenset[Student] = frozenset()
    users: int | None = None
    users_at: tuple[tuple[str, int], ...] = ()
    product_users: int | None = None
    daily_users: int | None = None
    devices: int | None = None
    revenue_year: int | None = None
    revenue_month: int | None = None
    product_revenue_year: int | None = None
    product_revenue_month: int | None = None
    currency: str = "USD"
    seat: str = ""
    places: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    organisation: Organisation | None = None
    can_show_brand: bool = True
    end_user: bool = False

    @property
    def merely_uses(self) -> bool:
        """Somebody else's product, and nothing of its own beside: whoever serves, passes on or trains is a licensee."""
        return self.end_user and not self.uses - {Use.EVALUATE, Use.SELL_OUTPUTS} and self.training is None

    @property
    def in_business(self) -> bool:
        """Selling access to a model is a business, whatever else was said."""
        return self.commercial or Use.SELL_ACCESS in self.uses

    def does(self, *uses: Use) -> bool:
        return not self.uses.isdisjoint(uses)

    @property
    def hosts(self) -> bool:
        return self.does(Use.HOST, Use.SELL_ACCESS)

    @property
    def serves(self) -> bool:
        """Others meet the model: in a product, through a service."""
        return self.does(Use.PRODUCT, Use.HOST, Use.SELL_ACCESS)

    @property
    def passes_on(self) -> bool:
        """Others get weights: the model itself, or one made from it."""
        return self.does(Use.REDISTRIBUTE, Use.PUBLISH)

    @property
    def publishes_student(self) -> bool:
        return self.training is not None and Student.PUBLISHED in self.student

    @property
    def sells_outputs(self) -> bool:
        return self.in_business or Use.SELL_OUTPUTS in self.uses

    @property
    def premises(self) -> tuple[str, ...]:
        """What was taken for granted before any license was asked."""
        if not self.commercial_assumed:
            return ()
        taken = "business" if self.commercial else "no business"
        return (f"whether it is for a business is not stated: it is taken for {taken}",)
