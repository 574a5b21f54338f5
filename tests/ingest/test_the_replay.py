"""The history of license texts through the real watcher: every change of words is told once, and nothing else is."""

import csv
import difflib
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from ingest import watch
from licenses.models import Change, Document, Revision
from licenses.texts import settle
from tests.factories import NOW, make_license
from tests.ingest.showing import Showing, noisily, quietly
from tests.licenses.terms import PERMISSIVE, TERMS, without

pytestmark = pytest.mark.django_db

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "data" / "license-texts"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="the reference texts are not here")

A_LOOK = timedelta(hours=6)
OUR_OWN = {
    "acme": [
        TERMS, without(TERMS, "3. Notice"), TERMS.replace("100 million", "700 million"), without(TERMS, "2. Size"),
        TERMS + "\n6. Places. Nobody in Freedonia has any right under these terms.\n",
    ],
    "plain": [PERMISSIVE, TERMS.replace("Acme", "Plain"), PERMISSIVE.replace("sell", "rent out")],
}  # fmt: skip


class Place:
    """One watched file on the stand-in, and the clock of those who look at it."""

    def __init__(self, hub, client, slug):
        self.hub, self.client, self.repo, self.now = hub, client, f"acme/{slug}", NOW
        hub.publishes(self.repo, files={})
        license = make_license(slug)
        Document.objects.filter(license=license).update(repo=self.repo, path="LICENSE")
        self.license = license

    def show(self, showing):
        self.hub.changes(self.repo, files={"LICENSE": showing.raw})
        self.look()

    def look(self):
        self.now += A_LOOK
        watch.look(self.repo, self.client, now=self.now)
        settle(now=self.now)

    def told(self):
        return list(self.license.changes.substantive().order_by("pk"))


def replay(place, showings):
    for showing in showings:
        place.show(showing)


def raw_of(texts):
    return [text.encode() for text in texts]


@pytest.mark.parametrize("slug", OUR_OWN)
def test_every_wording_after_the_first_is_told_once(hub, client_of, slug):
    place, wordings = Place(hub, client_of, slug), raw_of(OUR_OWN[slug])

    replay(place, quietly(wordings))

    told = place.told()
    assert [(change.revision_before.text, change.revision_after.text) for change in told] == [
        (a.text, b.text) for a, b in pairwise(Revision.objects.filter(document__license=place.license).order_by("pk"))
    ]
    assert len(told) == len(wordings) - 1


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("slug", OUR_OWN)
def test_error_pages_empty_files_and_flips_between_them_add_nothing(hub, client_of, slug, seed):
    place, wordings = Place(hub, client_of, slug), raw_of(OUR_OWN[slug])

    replay(place, noisily(wordings, seed=seed))

    assert len(place.told()) == len(wordings) - 1
    assert not Revision.objects.filter(document__license=place.license, text="").exists()


def test_replaying_the_whole_history_adds_nothing(hub, client_of):
    place, wordings = Place(hub, client_of, "acme"), raw_of(OUR_OWN["acme"])
    replay(place, quietly(wordings))
    before = Change.objects.count()

    replay(place, quietly(wordings))
    replay(place, noisily(wordings, seed=1))

    assert Change.objects.substantive().count() == before


def test_a_return_that_lasts_three_days_is_told(hub, client_of):
    place, wordings = Place(hub, client_of, "acme"), raw_of(OUR_OWN["acme"][:2])
    replay(place, [*quietly(wordings), Showing(wordings[0], "taken back")])

    for _ in range(11):
        place.look()
    assert len(place.told()) == 1
    place.look()

    assert len(place.told()) == 2
    assert place.told()[1].revision_after.raw_sha256 == place.told()[0].revision_before.raw_sha256


def test_a_file_that_stays_away_is_told_once_and_its_return_says_what_it_says(hub, client_of):
    place, wordings = Place(hub, client_of, "acme"), raw_of(OUR_OWN["acme"][:2])
    replay(place, [Showing(wordings[0], "a wording"), Showing(None, "taken away")])

    for _ in range(40):
        place.look()
    (gone,) = place.told()
    assert (gone.event, gone.summary) == ("text_gone", "acme text is no longer at acme/acme/LICENSE.")

    replay(place, [Showing(wordings[0], "back"), Showing(wordings[1], "a new one")])
    assert [change.event for change in place.told()] == ["text_gone", "text_changed"]


# The real history, where it is at hand.


def real_history():
    """Slug → the dated wordings in order."""
    found = defaultdict(list)
    if CORPUS.exists():
        with (CORPUS / "index.csv").open() as file:
            for row in csv.DictReader(file):
                slug, _, day = row["slug"].partition("/")
                if day:
                    found[slug].append((day, (CORPUS / f"{row['slug']}.txt").read_bytes()))
    return {slug: [raw for _, raw in sorted(dated)] for slug, dated in found.items() if len(dated) > 1}


HISTORY = real_history()


def rewordings(wordings):
    """How many steps change a word, told in another way than ours: by difflib over the words alone."""
    words = ["".join(c if c.isalnum() else " " for c in raw.decode("utf-8", "replace")).split() for raw in wordings]
    return sum(difflib.SequenceMatcher(None, a, b, autojunk=False).quick_ratio() < 1 or a != b
               for a, b in pairwise(words))  # fmt: skip


@needs_corpus
@pytest.mark.parametrize("slug", HISTORY)
def test_the_real_revisions_are_told_one_by_one(hub, client_of, slug):
    place, wordings = Place(hub, client_of, slug), HISTORY[slug]

    replay(place, quietly(wordings))
    assert len(place.told()) == rewordings(wordings)

    replay(place, quietly(wordings))
    assert len(place.told()) == rewordings(wordings), "a second time adds nothing"


@needs_corpus
@pytest.mark.parametrize("slug", HISTORY)
def test_faults_between_the_real_revisions_add_nothing(hub, client_of, slug):
    place, wordings = Place(hub, client_of, slug), HISTORY[slug]

    replay(place, noisily(wordings, seed=len(slug)))

    assert len(place.told()) == rewordings(wordings)
