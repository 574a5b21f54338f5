"""Who works here is invited, gets a role and loses it, on record and by nobody's own hand."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail
from django.test import Client

from licenses.models import AuditEntry
from licenses.roles import ROLES
from tests.conftest import browser_of
from tests.factories import make_person
from tests.pages import words

pytestmark = pytest.mark.django_db
NEW = {"email": "ada@example.org", "name": "Ada Lovelace", "role": "curator"}
PASSWORD = {"new_password1": "a very long word", "new_password2": "a very long word"}


def link_in(told: str) -> str:
    found = re.search(r"/account/welcome/[^\s/]+/[^\s/]+/", told)
    assert found
    return found[0]


def accept(link: str, name: str = "Ada L.") -> Any:
    client = Client()
    form = client.get(link, follow=True)
    return client.post(form.redirect_chain[-1][0], PASSWORD | {"name": name}, follow=True)


def do(client: Client, user: User, **fields: str) -> Any:
    return client.post(f"/account/invitations/{user.pk}/", fields)


def works(link: str) -> bool:
    return "works no longer" not in Client().get(link, follow=True).content.decode()


def test_an_invitation_leads_from_the_mail_to_the_workbench(admin: Client, settings: Any) -> None:
    settings.EMAIL_URL = "smtp://mail.example"
    page = admin.post("/account/invitations/", NEW)

    (message,) = mail.outbox
    link = link_in(message.body)
    assert message.to == [NEW["email"]]
    assert "Eve invites you" in message.body
    assert link in page.content.decode()
    assert "The link was mailed" in words(page.content.decode())
    assert 'value="Ada Lovelace"' in Client().get(link, follow=True).content.decode()
    assert "Your password is set" in accept(link).content.decode()
    ada = User.objects.get(email=NEW["email"])
    assert ada.get_full_name() == "Ada L."
    client = Client()
    client.post("/account/login/", {"username": "ada-lovelace", "password": PASSWORD["new_password1"]})
    assert client.get("/curate/").status_code == 200
    assert client.get("/account/invitations/").status_code == 403
    assert not works(link)


def test_an_invitation_is_on_record_without_the_address(admin: Client) -> None:
    admin.post("/account/invitations/", NEW)

    entry = AuditEntry.objects.get()

    assert (entry.deed, entry.by_name, entry.after) == ("invited", "Eve", "Ada Lovelace: curator")
    assert "example.org" not in f"{entry.before}{entry.after}{entry.reason}"


def test_nobody_logs_in_before_the_link_is_used(admin: Client) -> None:
    admin.post("/account/invitations/", NEW)

    for password in ("", "!"):
        page = Client().post("/account/login/", {"username": "ada-lovelace", "password": password})
        assert page.status_code == 200
    assert not Client().post("/account/reset/", {"email": NEW["email"]}).cookies
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "EVE@example.org"}, "here already"),
        ({"email": "nonsense"}, "valid email"),
        ({"name": "eve"}, "Somebody else is shown by that name"),
        ({"name": "ada@example.org"}, "no e-mail address"),
        ({"role": "superuser"}, "not one of the available"),
    ],
)
def test_an_invitation_that_cannot_be_says_why(admin: Client, fields: dict[str, str], said: str) -> None:
    User.objects.update(email="eve@example.org")

    page = admin.post("/account/invitations/", NEW | fields)

    assert said in words(page.content.decode())
    assert User.objects.count() == 1
    assert not AuditEntry.objects.exists()


def test_login_names_do_not_collide(admin: Client) -> None:
    make_person("ada-lovelace", "curator")

    admin.post("/account/invitations/", NEW)
    admin.post("/account/invitations/", {"email": "li@example.org", "name": "李", "role": "curator"})

    assert set(User.objects.values_list("username", flat=True)) == {"eve", "ada-lovelace", "ada-lovelace-2", "person"}


@pytest.mark.parametrize("backend", ["smtp", "locmem"])
def test_a_mail_that_does_not_leave_is_told(admin: Client, settings: Any, backend: str) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_URL = "smtp://127.0.0.1:9" if backend == "smtp" else ""
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    page = admin.post("/account/invitations/", NEW)

    assert "No mail left this machine" in words(page.content.decode())
    assert accept(link_in(page.content.decode())).status_code == 200


def test_a_new_link_voids_the_earlier(admin: Client) -> None:
    earlier = link_in(admin.post("/account/invitations/", NEW).content.decode())

    later = link_in(do(admin, User.objects.get(email=NEW["email"]), do="link").content.decode())

    assert not works(earlier)
    assert works(later)


def test_who_has_a_password_gets_no_link_from_another(admin: Client) -> None:
    ada = make_person("ada", "curator")

    assert do(admin, ada, do="link").status_code == 403
    assert "New link" not in admin.get("/account/invitations/").content.decode()


def test_a_role_changes_at_once_and_on_record(admin: Client) -> None:
    ada = make_person("ada", "curator")
    client = browser_of(ada)

    do(admin, ada, do="role", role="admin")

    assert client.get("/account/invitations/").status_code == 200
    assert client.get("/admin/").status_code == 200
    entry = AuditEntry.objects.get()
    assert (entry.deed, entry.by_name, entry.before, entry.after) == ("roles", "Eve", "Ada: curator", "Ada: admin")
    do(admin, ada, do="role", role="reviewer")
    assert client.get("/account/invitations/").status_code == 403
    assert client.get("/admin/").status_code == 302


def test_who_is_deactivated_is_out_until_invited_again(admin: Client) -> None:
    ada = make_person("ada", "curator")
    client = browser_of(ada)

    do(admin, ada, do="deactivate", sure="yes")

    assert client.get("/curate/").status_code == 302
    assert AuditEntry.objects.get().after == "Ada: deactivated"
    assert "deactivated" in words(admin.get("/account/invitations/").content.decode())
    assert do(admin, ada, do="role", role="admin").status_code == 403
    link = link_in(do(admin, ada, do="link").content.decode())
    assert accept(link).status_code == 200
    assert User.objects.get(pk=ada.pk).is_active


def test_before_somebody_is_deactivated_the_page_asks_once(admin: Client) -> None:
    ada = make_person("ada", "curator")

    asked = do(admin, ada, do="deactivate")

    assert "Deactivate Ada?" in words(asked.content.decode())
    assert User.objects.get(pk=ada.pk).is_active
    assert not AuditEntry.objects.exists()
    assert 'name="sure" value="yes"' in asked.content.decode()
    done = admin.post(f"/account/invitations/{ada.pk}/", {"do": "deactivate", "sure": "yes"}, follow=True)
    assert "Ada is deactivated" in words(done.content.decode())
    assert not User.objects.get(pk=ada.pk).is_active


def test_a_new_role_is_told(admin: Client) -> None:
    ada = make_person("ada", "curator")

    done = admin.post(f"/account/invitations/{ada.pk}/", {"do": "role", "role": "reviewer"}, follow=True)

    assert "Ada is reviewer from now on." in words(done.content.decode())


def test_the_page_is_of_people_and_says_what_a_superuser_is(admin: Client) -> None:
    User.objects.create_superuser("root", first_name="Root")

    page = words(admin.get("/account/invitations/").content.decode())

    assert page.startswith("People · Openness")
    assert "Invitations" not in page
    assert "superuser runs the machine" in page


def test_a_link_ends_with_its_invitation(admin: Client) -> None:
    link = link_in(admin.post("/account/invitations/", NEW).content.decode())

    do(admin, User.objects.get(email=NEW["email"]), do="deactivate", sure="yes")

    assert not works(link)


@pytest.mark.parametrize(
    "fields",
    [
        {"do": "role", "role": "curator"},
        {"do": "deactivate"},
        {"do": "deactivate", "sure": "yes"},
        {"do": "link"},
    ],
)
def test_neither_oneself_nor_a_superuser_is_touched(admin: Client, fields: dict[str, str]) -> None:
    eve = User.objects.get(username="eve")
    root = User.objects.create_superuser("root")

    assert [do(admin, user, **fields).status_code for user in (eve, root)] == [403, 403]
    assert User.objects.filter(is_active=True, is_staff=True).count() == 2
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"do": "role"}, {"do": "role", "role": "superuser"}, {"do": "nonsense"}])
def test_nonsense_changes_nothing(admin: Client, fields: dict[str, str]) -> None:
    ada = make_person("ada", "curator")

    page = admin.post(f"/account/invitations/{ada.pk}/", fields, follow=True)

    assert "Nothing was changed" in words(page.content.decode())
    assert not AuditEntry.objects.exists()


def test_the_list_takes_as_many_queries_for_thirty_as_for_one(admin: Client, django_assert_num_queries: Any) -> None:
    for n in range(30):
        make_person(f"p{n}", "curator")

    with django_assert_num_queries(6):
        page = admin.get("/account/invitations/")

    assert page.content.decode().count('<th scope="row">') == 31


def post_change(client: Client, user: User) -> None:
    """All that somebody might want to change there."""
    more = {"is_superuser": "on", "is_staff": "on", "groups": ["1", "2", "3"], "username": "eve2"}
    fields = {"email": "eve@example.org", "first_name": "Eve", "last_name": "E."}
    client.post(f"/admin/auth/user/{user.pk}/change/", fields | more)


class TestDjangosAdmin:
    @pytest.fixture
    def people(self) -> list[User]:
        return [make_person(f"p{n}", "curator") for n in range(20)]

    @pytest.mark.parametrize(
        "path",
        [
            *("auth/user/", "auth/group/", "otp_totp/totpdevice/", "axes/accessattempt/", "ingest/sweep/", ""),
            *("ingest/quarantine/", "licenses/rule/", "licenses/clause/", "licenses/quote/", "licenses/change/"),
            *("licenses/auditentry/", "licenses/proposal/", "licenses/conclusion/", "licenses/revision/"),
        ],
    )
    def test_an_admin_sees_the_plumbing_in_a_few_queries(
        self, admin: Client, people: list[User], path: str, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_max_num_queries(14):
            assert admin.get(f"/admin/{path}").status_code == 200

    def test_an_admin_mends_the_address_of_who_is_only_invited_and_nothing_that_lifts_anybody(
        self, admin: Client
    ) -> None:
        ada = make_person("ada", "curator")
        ada.set_unusable_password()
        ada.save()

        post_change(admin, ada)

        ada.refresh_from_db()
        assert (ada.email, ada.is_superuser, ada.is_staff, ada.username) == ("eve@example.org", False, False, "ada")
        assert (ada.get_full_name(), [group.name for group in ada.groups.all()]) == ("Ada", ["curator"])

    def test_nobodys_new_password_is_led_to_another_mailbox(self, admin: Client) -> None:
        ada = make_person("ada", "curator", email="ada@example.org")

        post_change(admin, ada)

        ada.refresh_from_db()
        assert (ada.email, ada.get_full_name()) == ("ada@example.org", "Ada")

    def test_a_superuser_mends_it(self) -> None:
        ada = make_person("ada", "curator", email="ada@example.org")

        post_change(browser_of(User.objects.create_superuser("root")), ada)

        ada.refresh_from_db()
        assert ada.email == "eve@example.org"

    @pytest.mark.parametrize("path", ["add/", "{}/password/", "{}/delete/"])
    def test_nobody_is_added_deleted_or_given_a_password_there(self, admin: Client, path: str) -> None:
        ada = make_person("ada", "curator")

        page = admin.post(f"/admin/auth/user/{path.format(ada.pk)}", {"password1": "x", "post": "yes"})

        ada.refresh_from_db()
        assert page.status_code in (302, 403, 404)
        assert ada.check_password("a long word of its own")

    def test_a_superuser_is_a_superusers_business(self, admin: Client) -> None:
        root = User.objects.create_superuser("root", email="root@example.org")

        assert admin.post(f"/admin/auth/user/{root.pk}/change/", {"email": "eve@example.org"}).status_code == 403

    def test_the_second_factor_of_who_lost_it_is_deleted_and_its_secret_not_shown(self, admin: Client) -> None:
        ada, root = make_person("ada", "curator"), User.objects.create_superuser("root")
        hers, roots = (user.totpdevice_set.create(name="App") for user in (ada, root))
        address = "/admin/otp_totp/totpdevice/{}/{}/"

        assert hers.key not in admin.get(address.format(hers.pk, "change")).content.decode()
        assert admin.post(address.format(hers.pk, "delete"), {"post": "yes"}).status_code == 302
        assert admin.post(address.format(roots.pk, "delete"), {"post": "yes"}).status_code == 403
        assert not ada.totpdevice_set.exists()
        assert root.totpdevice_set.exists()


@pytest.mark.parametrize("name", sorted({name for names in ROLES.values() for name in names}))
def test_every_permission_of_a_role_exists(name: str) -> None:
    app, _, code = name.partition(".")

    assert Permission.objects.filter(content_type__app_label=app, codename=code).exists()
