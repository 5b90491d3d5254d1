"""Settings: what an operator who mistypes one, or reads the help, would notice."""

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import contrib_gateway
from contrib_gateway.errors import SettingsError
from contrib_gateway.settings import (
    Editor,
    RateLimit,
    Screening,
    Security,
    Settings,
    Smtp,
    Variable,
    help_text,
    variables,
)

SECRET = "a secret that is long enough"
NAMES = [variable.name for variable in variables().values()]


def read(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_environ({"VIGIE_STATE": str(tmp_path), **environ})


def test_with_nothing_set_the_demo_address_and_the_local_forge_are_used(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert (settings.port, settings.github, settings.screening) == (8000, "", Screening.AFTER)
    assert settings.public_url == settings.gateway_url == "http://127.0.0.1:8000/"
    assert settings.rate_limit == RateLimit(30, timedelta(hours=1))
    assert settings.editors == ()
    assert settings.trusted_proxies == 0


def test_the_addresses_follow_the_port_and_each_other(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="8123").gateway_url == "http://127.0.0.1:8123/"
    settings = read(tmp_path, VIGIE_PUBLIC_URL="https://vigie.example/joue")
    assert settings.public_url == settings.gateway_url == "https://vigie.example/joue/"
    settings = read(tmp_path, VIGIE_GATEWAY_URL="https://forms.example")
    assert settings.gateway_url == "https://forms.example/"
    assert settings.public_url == "http://127.0.0.1:8000/"


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    assert read(tmp_path, PORT="", VIGIE_SCREENING=" ").port == 8000


def test_editors_are_read_with_their_role(tmp_path: Path) -> None:
    settings = read(tmp_path, VIGIE_EDITORS="A@x.fr:admin, b@x.fr")
    assert settings.editors == (Editor("a@x.fr", admin=True), Editor("b@x.fr"))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("off", None),
        ("1/second", RateLimit(1, timedelta(seconds=1))),
        ("200/day", RateLimit(200, timedelta(days=1))),
    ],
)
def test_the_rate_limit_can_be_set_or_switched_off(
    tmp_path: Path, raw: str, expected: RateLimit | None
) -> None:
    assert read(tmp_path, VIGIE_RATE_LIMIT=raw).rate_limit == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail.x.fr", (Security.NONE, "mail.x.fr", 25, "", "")),
        ("smtp+starttls://a:b@mail.x.fr/", (Security.STARTTLS, "mail.x.fr", 587, "a", "b")),
        ("smtps://a%40x.fr:p%2Fq%25@Mail.x.fr", (Security.TLS, "mail.x.fr", 465, "a@x.fr", "p/q%")),
        ("smtp://127.0.0.1:1025", (Security.NONE, "127.0.0.1", 1025, "", "")),
        ("smtp://[::1]:1025", (Security.NONE, "::1", 1025, "", "")),
        ("smtp://médiathèque.example", (Security.NONE, "xn--mdiathque-53af.example", 25, "", "")),
        ("smtp://mail_server", (Security.NONE, "mail_server", 25, "", "")),
    ],
)
def test_the_mail_server_is_read_from_one_address(
    tmp_path: Path, url: str, expected: tuple[Security, str, int, str, str]
) -> None:
    settings = read(tmp_path, VIGIE_SMTP_URL=url, VIGIE_PUBLIC_URL="https://vigie.x.fr/")
    assert settings.smtp == Smtp(*expected, sender="vigie@vigie.x.fr")


@pytest.mark.parametrize(
    ("query", "gateway", "sender"),
    [
        ("", "https://formulaires.x.fr:8443/joue/", "vigie@formulaires.x.fr"),
        ("", "http://127.0.0.1:8000/", "vigie@[127.0.0.1]"),
        ("", "http://[::1]:8000/", "vigie@[IPv6:::1]"),
        ("", "https://médiathèque.example/", "vigie@xn--mdiathque-53af.example"),
        ("?from=Veille@x.fr", "https://y.fr/", "Veille@x.fr"),
        ("?from=a%2Bb+c@x.fr", "https://y.fr/", "a+b+c@x.fr"),
        ("?from=a@médiathèque.example", "https://y.fr/", "a@xn--mdiathque-53af.example"),
    ],
)
def test_mail_comes_from_the_address_given_or_from_the_forms_host(
    tmp_path: Path, query: str, gateway: str, sender: str
) -> None:
    url = f"smtp://mail.x.fr{query}"
    settings = read(tmp_path, VIGIE_SMTP_URL=url, VIGIE_GATEWAY_URL=gateway)
    assert settings.smtp
    assert settings.smtp.sender == sender


def test_without_a_mail_server_there_is_no_mail(tmp_path: Path) -> None:
    assert read(tmp_path).smtp is None


@pytest.mark.parametrize(
    "raw",
    [
        *("mail.x.fr", "smtp:", "smtp://", "smtp:///x", "http://mail.x.fr", "smtp+tls://mail.x.fr"),
        *("smtp://mail.x.fr:0", "smtp://mail.x.fr:99999", "smtp://mail.x.fr:x", "smtp://mail..fr"),
        *("smtp://mail.x.fr/box", "smtp://mail.x.fr#top", "smtp://ma il.x.fr", "smtp://[::1"),
        *("smtp://s3cr3t@mail.x.fr", "smtp://:s3cr3t@mail.x.fr", "smtp://s3cr3t:@mail.x.fr"),
        *("smtp://a:s3cr3té@mail.x.fr", "smtp://a:s3cr3t%00@mail.x.fr", "smtp://a:%ff@mail.x.fr"),
        *(
            "smtp://a:s3cr3t#x@mail.x.fr",
            "smtp://a:s3cr3t?@mail.x.fr",
            "smtp://a:s3/cr3t@mail.x.fr",
        ),
        *("smtp://mail.x.fr?from", "smtp://mail.x.fr?from=", "smtp://mail.x.fr?to=a@x.fr"),
        *("smtp://mail.x.fr?from=a@x.fr,b@x.fr", "smtp://mail.x.fr?from=a@x.fr&from=b@x.fr"),
        *("smtp://mail.x.fr?from=zoé@x.fr", "smtp://mail.x.fr?from=Vigie <a@x.fr>"),
        "smtp://mail.x.fr?from=a@x.fr%0d%0aBcc:b@x.fr",
    ],
)
def test_a_wrong_mail_server_stops_the_start_without_showing_its_password(
    tmp_path: Path, raw: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, VIGIE_SMTP_URL=raw, PORT="0")
    [port, mail] = caught.value.problems
    assert port.startswith("PORT='0'")
    assert mail.startswith("VIGIE_SMTP_URL=(hidden): expected smtp://, ")
    assert not re.search("s3|cr3t|é", mail)


def test_a_host_that_can_have_no_address_needs_a_sender(tmp_path: Path) -> None:
    odd = {"VIGIE_GATEWAY_URL": "https://-x-.fr/", "VIGIE_SMTP_URL": "smtp://mail.x.fr"}
    with pytest.raises(SettingsError, match=r"VIGIE_SMTP_URL=\(hidden\): expected \?from="):
        read(tmp_path, **odd)
    settings = read(tmp_path, **odd | {"VIGIE_SMTP_URL": "smtp://mail.x.fr?from=a@x.fr"})
    assert settings.smtp


def test_the_password_of_the_mail_server_is_not_shown(tmp_path: Path) -> None:
    settings = read(tmp_path, VIGIE_SMTP_URL="smtp://moi:s3cr3t@mail.x.fr")
    assert "s3cr3t" not in f"{settings!r} {settings.smtp!r}"
    assert settings.smtp
    assert settings.smtp.password == "s3cr3t"


WRONG = {
    "PORT": "80000",
    "VIGIE_PUBLIC_URL": "vigie.example",
    "VIGIE_GATEWAY_URL": "https://user@vigie.example/?x=1",
    "VIGIE_FORGE": "github:someone",
    "VIGIE_EDITORS": "a@x.fr:boss",
    "VIGIE_TRUSTED_PROXIES": "-1",
    "VIGIE_RATE_LIMIT": "30 per hour",
    "VIGIE_SCREENING": "never",
    "VIGIE_WATCH_EVERY": "sometimes",
    "VIGIE_WATCH_DISCARDS": "29d",
    "VIGIE_WATCH_ALLOW_PRIVATE": "yes",
}


def test_all_wrong_values_are_told_at_once_with_what_is_expected(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, **WRONG)
    told = dict(zip(WRONG, caught.value.problems, strict=True))
    for variable in variables().values():
        if variable.name in WRONG:
            assert told[variable.name].startswith(f"{variable.name}={WRONG[variable.name]!r}")
            assert variable.expected in told[variable.name]
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert not list(tmp_path.iterdir()), "nothing is written when the start is refused"


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("PORT", "0"),
        ("PORT", "http"),
        ("VIGIE_WATCH_EVERY", "4m"),
        ("VIGIE_WATCH_EVERY", "31d"),
        ("VIGIE_WATCH_EVERY", "6"),
        ("VIGIE_WATCH_EVERY", "1.5h"),
        ("PORT", "٨٠٠٠"),
        ("VIGIE_PUBLIC_URL", "ftp://x.fr/"),
        ("VIGIE_PUBLIC_URL", "http://"),
        ("VIGIE_PUBLIC_URL", "http://x.fr:99999/"),
        ("VIGIE_PUBLIC_URL", "http://[x/"),
        ("VIGIE_PUBLIC_URL", "http://x.fr/#top"),
        ("VIGIE_EDITORS", "a@x.fr,A@x.fr:admin"),
        ("VIGIE_EDITORS", "nobody"),
        ("VIGIE_RATE_LIMIT", "0/hour"),
        ("VIGIE_RATE_LIMIT", "30/fortnight"),
        ("VIGIE_FORGE", "gitlab:x/y"),
        ("VIGIE_FORGE", "github:x/.."),
        ("VIGIE_FORGE", "github:x/y/z"),
        ("VIGIE_GITHUB_URL", "github.example"),
        ("VIGIE_GITHUB_APP_INSTALLATION", "mine"),
        ("VIGIE_GITHUB_PACE", "slow"),
    ],
)
def test_a_wrong_value_stops_the_start(tmp_path: Path, name: str, raw: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(f"{name}={raw!r}")):
        read(tmp_path, **{name: raw})


GITHUB = {"VIGIE_FORGE": "github:vigie/territoire"}
KEY = "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n"


def test_a_forge_on_github_needs_a_token_or_a_whole_app(tmp_path: Path) -> None:
    (tmp_path / "app.pem").write_text(KEY)
    token = {"VIGIE_GITHUB_TOKEN": "ghp_1"}
    app = {
        "VIGIE_GITHUB_APP_ID": "123",
        "VIGIE_GITHUB_APP_KEY": str(tmp_path / "app.pem"),
        "VIGIE_GITHUB_APP_INSTALLATION": "456",
    }
    assert read(tmp_path, **GITHUB, **token).github == "vigie/territoire"
    assert read(tmp_path, **GITHUB, **app).github_app_key == KEY
    assert (
        read(tmp_path, **GITHUB, **app | {"VIGIE_GITHUB_APP_KEY": KEY}).github_app_key
        == KEY.strip()
    )
    partial = {name: app[name] for name in list(app)[:2]}
    for access in ({}, partial, token | app):
        with pytest.raises(SettingsError, match="VIGIE_GITHUB_TOKEN, or else"):
            read(tmp_path, **GITHUB, **access)


def test_neither_the_token_nor_the_key_is_shown(tmp_path: Path) -> None:
    settings = read(tmp_path, **GITHUB, VIGIE_GITHUB_TOKEN="ghp_secret")
    assert "ghp_secret" not in repr(settings)
    for name in ("VIGIE_GITHUB_TOKEN", "VIGIE_GITHUB_APP_KEY", "VIGIE_GITHUB_WEBHOOK_SECRET"):
        with pytest.raises(SettingsError) as caught:
            read(tmp_path, **{name: "s3cr3t é"})
        assert "s3cr3t" not in str(caught.value)


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_whatever_is_set_ends_in_settings_or_in_a_sentence(environ: Mapping[str, str]) -> None:
    try:
        Settings.from_environ({"VIGIE_SECRET_KEY": SECRET, **environ, "VIGIE_STATE": "/nowhere"})
    except SettingsError as error:
        assert all(problem for problem in error.problems)


def test_a_key_is_made_once_for_the_owner_alone_and_kept(tmp_path: Path) -> None:
    state = tmp_path / "new" / "state"
    first, second = read(state), read(state)
    assert len(first.secret_key) > 40
    assert first.secret_key == second.secret_key
    assert (state / "secret-key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in state.iterdir()] == ["secret-key"]


def test_two_processes_starting_at_once_agree_on_the_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = pool.map(lambda _: read(tmp_path).secret_key, range(64))
    assert len(set(keys)) == 1


def test_a_key_that_is_given_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    assert read(tmp_path, VIGIE_SECRET_KEY=SECRET).secret_key == SECRET
    assert not list(tmp_path.iterdir())


def test_the_key_shows_neither_in_a_log_nor_in_an_error(tmp_path: Path) -> None:
    assert SECRET not in repr(read(tmp_path, VIGIE_SECRET_KEY=SECRET))
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, VIGIE_SECRET_KEY="s3cr3t")
    assert "s3cr3t" not in str(caught.value)
    assert "VIGIE_SECRET_KEY" in str(caught.value)


@pytest.mark.parametrize("content", ["", "short", "\xff\xfe" * 20])
def test_a_spoilt_key_file_is_named_not_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret-key").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match="secret-key"):
        read(tmp_path)
    assert (tmp_path / "secret-key").read_text(encoding="utf-8") == content


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="VIGIE_STATE"):
        read(tmp_path / "file")


@pytest.mark.parametrize("variable", variables().values(), ids=lambda variable: variable.name)
def test_the_help_tells_every_setting_its_default_and_what_is_expected(
    variable: Variable,
) -> None:
    words = " ".join(help_text().split())
    for told in (variable.name, variable.help, variable.expected):
        assert told
        assert " ".join(told.split()) in words


def test_no_variable_is_read_that_the_help_does_not_tell() -> None:
    package = Path(contrib_gateway.__file__).parent
    used = {
        name
        for path in package.rglob("*.py")
        for name in re.findall(r"VIGIE_[A-Z_]+", path.read_text(encoding="utf-8"))
    }
    assert used <= set(NAMES)
