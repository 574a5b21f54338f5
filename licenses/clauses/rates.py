"""What an amount is about worth in another currency.

Rounded reference rates of the European Central Bank of one day, good enough to tell on which side of a threshold a
sum lies; within a tenth of it they decide nothing, and whatever rests on them says so.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

RATES_OF = date(2025, 6, 30)
SOURCE = f"rounded European Central Bank reference rates of {RATES_OF}"

#: Units of the currency for one euro.
PER_EURO = {
    "EUR": Fraction("1"),
    "USD": Fraction("1.17"),
    "GBP": Fraction("0.856"),
    "CHF": Fraction("0.935"),
    "CNY": Fraction("8.40"),
    "JPY": Fraction("169"),
    "KRW": Fraction("1590"),
    "INR": Fraction("100.5"),
    "CAD": Fraction("1.60"),
    "AUD": Fraction("1.79"),
    "SEK": Fraction("11.1"),
    "NOK": Fraction("11.8"),
    "DKK": Fraction("7.46"),
    "PLN": Fraction("4.24"),
    "CZK": Fraction("24.7"),
    "HKD": Fraction("9.20"),
    "SGD": Fraction("1.49"),
    "BRL": Fraction("6.44"),
}

#: How far a rate may have moved: so near a size nobody can tell on which side a converted sum lies.
NEAR = Fraction(1, 10)


def converted(amount: Fraction, currency: str, into: str) -> Fraction | None:
    """The amount in another currency; None when we hold no rate for one of the two."""
    if currency == into:
        return amount
    if currency not in PER_EURO or into not in PER_EURO:
        return None
    return amount / PER_EURO[currency] * PER_EURO[into]
