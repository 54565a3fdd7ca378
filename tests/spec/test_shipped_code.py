"""What of a folder of code a function gets, and what is said of the rest."""

from __future__ import annotations

import os
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming_constructs.planning.plan_file import plan_document
from streaming_constructs.spec.codes.base import BASE
from streaming_constructs.spec.finding import Finding
from streaming_constructs.spec.read import open_document
from streaming_constructs.spec.shipped_code import _fits, left_out, left_out_as

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n"
CERTIFICATES = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PUBLIC KEY-----\n"

SHIPPED = {
    "index.py": "def handler(event, context): ...\n",
    "credentials.py": "def read(): ...\n",
    "secrets.js": "module.exports = {}\n",
    "environment.json": "{}",
    "keys.py": f'MARK = """{KEY}"""\n',
    "ca.pem": CERTIFICATES,
    "id_rsa.pub": "ssh-rsa AAAA\n",
    "bootstrap": f"\0ELF {KEY}",
    "node_modules/left-pad/index.js": "module.exports = 1\n",
    "env/settings.py": "A = 1\n",
    "gitignore/rules.txt": "*.pyc\n",
    "environment.env.py": "A = 1\n",
    "notes.txt": "aws_secret_access_key = ask your administrator\n",
    "secretsanta.yaml": "a: 1\n",
    "README.md": KEY,
}
LEFT_OUT = {
    ".env": "TOKEN=1\n",
    ".env.production": "TOKEN=1\n",
    "sub/.envrc": "export TOKEN=1\n",
    "prod.env": "TOKEN=1\n",
    ".git/config": "[core]\n",
    ".venv/bin/python": "",
    "elsewhere/pyvenv.cfg": "home = /usr/bin\n",
    "written/cdk.out": '{"version": "1"}',
    "cdk.out/asset.1/index.py": "",
    ".streaming-constructs/local.log": "",
    "id_rsa": "key\n",
    "sub/ID_ED25519": "key\n",
    "deploy_key": KEY,
    "both.pem": CERTIFICATES + KEY,
    "sub/BOTH.PEM": CERTIFICATES + KEY,
    "account.json": '{"private_key": "-----BEGIN PRIVATE KEY-----\\\\nMII"}',
    "server.key": "AAAA\n",
    "store.p12": "",
    "store.pfx": "",
    "credentials.json": "{}",
    "secrets.yaml": "a: 1\n",
    ".aws/credentials": "[default]\n",
    ".netrc": "machine a\n",
    ".npmrc": "//registry/:_authToken=1\n",
    ".pypirc": "[pypi]\n",
    ".git-credentials": "https://a:b@example.com\n",
    "terraform.tfstate": "{}",
    ".env-prod": "TOKEN=1\n",
    ".env_local": "TOKEN=1\n",
    ".env~": "TOKEN=1\n",
    ".npmrc.old": "//registry/:_authToken=1\n",
    "credentials.bak": "[default]\n",
    "id_rsa.1": "key\n",
    "sub/.git.bak/config": "[core]\n",
    ".secrets.toml": "a = 1\n",
    "user_accessKeys.csv": "Access key ID,Secret access key\n",
    "application_default_credentials.json": '{"refresh_token": "1"}',
    "vpn.conf": f"<key>\n{KEY}</key>\n",
    "tls.yaml": f"key: |\n{KEY}",
    "deploy.rsa": KEY,
    "padded.pem": KEY + "\n" * 2_000_000,
    "settings.ini": f"[work]\naws_secret_access_key = {'a' * 40}\n",
}
CACHES = {
    "__pycache__/index.cpython-313.pyc": "",
    "sub/index.pyc": "",
    ".pytest_cache/README.md": "",
    "node_modules/.cache/a": "",
    ".DS_Store": "",
}


def fill(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def is_left_out(folder: Path, name: str) -> bool:
    paths = {found.path for found in left_out(folder)}
    return any(name == path or name.startswith(f"{path}/") for path in paths)


@pytest.mark.parametrize("name", [*LEFT_OUT, *CACHES])
def test_what_is_private_or_no_code_is_left_out(tmp_path: Path, name: str) -> None:
    assert is_left_out(fill(tmp_path, LEFT_OUT | CACHES | SHIPPED), name)


@pytest.mark.parametrize("name", SHIPPED)
def test_code_and_public_certificates_are_shipped(tmp_path: Path, name: str) -> None:
    assert not is_left_out(fill(tmp_path, LEFT_OUT | CACHES | SHIPPED), name)


NAMES = {
    "cache": [
        *("__pycache__", "a.pyc", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".cache", ".coverage"),
        *(".ipynb_checkpoints", ".DS_Store", "Thumbs.db"),
    ],
    "tool": [
        *(".git", ".hg", ".svn", ".venv", "venv", ".tox", ".nox", ".direnv", ".idea", ".vscode"),
        *("cdk.out", ".streaming-constructs", ".terraform", ".aws-sam", ".serverless"),
    ],
    "secret": [
        *(".env", ".env.test", ".envrc", "a.env", "id_rsa", "id_dsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519"),
        *("id_ed25519_sk", ".ssh", ".gnupg", "a.key", "a.p12", "a.pfx", "a.pkcs12", "a.jks", "a.keystore", "a.ppk"),
        *("a.kdbx", ".aws", ".azure", ".gcloud", ".kube", ".docker", ".dockercfg", ".netrc", "_netrc", ".npmrc"),
        *(
            ".yarnrc",
            ".yarnrc.yml",
            ".pypirc",
            ".pgpass",
            ".my.cnf",
            ".boto",
            ".s3cfg",
            ".htpasswd",
            ".git-credentials",
        ),
        *(".vault-token", ".terraformrc", "a.tfstate", "a.tfstate.backup", "a.tfvars", ".bash_history", "credentials"),
        *(
            "secrets",
            "credentials.json",
            "credentials.csv",
            "secrets.ini",
            "secrets.toml",
            "secrets.yaml",
            "secrets.yml",
        ),
        *("client_secret_7.json", "service-account-7.json", "service_account.json"),
    ],
}


@pytest.mark.parametrize(("name", "reason"), [(name, reason) for reason, names in NAMES.items() for name in names])
def test_a_name_tells_why_a_file_is_left_out(name: str, reason: str) -> None:
    assert left_out_as(f"nowhere/{name}") == reason


def test_as_many_files_are_looked_at_as_are_asked_for(tmp_path: Path) -> None:
    fill(tmp_path, {"a.key": "", "b.key": "", "c.key": ""})
    assert [[found.path for found in left_out(tmp_path, most)] for most in (1, 2, 3)] == [
        ["a.key"],
        ["a.key", "b.key"],
        ["a.key", "b.key", "c.key"],
    ]


def test_a_link_to_what_is_looked_at_anyway_is_passed_by(tmp_path: Path) -> None:
    fill(tmp_path, {"lib/.env": "", "z/.env": ""})
    (tmp_path / "again").symlink_to(tmp_path / "lib")
    assert [found.path for found in left_out(tmp_path)] == ["lib/.env", "z/.env"]


def test_a_link_is_what_it_leads_to(tmp_path: Path) -> None:
    fill(
        tmp_path,
        {".env": "TOKEN=1\n", "code/index.py": "", "ssh/id_rsa": "key\n", "shared/a.py": "", "shared/.env": ""},
    )
    code = tmp_path / "code"
    for name, target in {"settings": "../.env", "key": "../ssh/id_rsa", "lib": "../shared", "gone": "nowhere"}.items():
        (code / name).symlink_to(target)
    assert [found.path for found in left_out(code)] == ["key", "settings", "lib/.env"]


def test_a_link_into_a_folder_of_keys_is_private_whatever_it_is_called(tmp_path: Path) -> None:
    fill(tmp_path, {"home/.aws/config": "", "home/.aws/sso/cache/a.json": "", "home/.ssh/config": "", "lib/a.py": ""})
    code = fill(tmp_path / "home" / "code", {"index.py": ""})
    targets = {"a": "../.aws/config", "b": "../.aws/sso/cache", "c": "../.ssh/config", "d": "../../lib"}
    for name, target in targets.items():
        (code / name).symlink_to(target)
    assert [found.path for found in left_out(code)] == ["a", "b", "c"]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are no files here")
def test_a_link_to_what_tells_of_a_process_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "settings").symlink_to("/proc/self/environ")
    assert [(found.path, found.reason) for found in left_out(tmp_path)] == [("settings", "special")]


def test_a_key_in_the_letters_of_windows_is_one(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text(KEY, encoding="utf-16")
    assert [found.path for found in left_out(tmp_path)] == ["key.txt"]


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    code = fill(tmp_path / "code", {"a/index.py": "", ".env": "", "b/.env": ""})
    (code / "a" / "up").symlink_to(code)
    assert [found.path for found in left_out(code)] == [".env", "b/.env"]


def test_what_is_no_file_is_left_out_and_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert [(found.path, found.reason) for found in left_out(tmp_path)] == [("pipe", "special")]


# --- what is said of it


def found_in(folder: Path, code: str = "handlers/fraud", handler: str = "index.handler") -> list[Finding]:
    text = BASE.replace("code: handlers/fraud", f"code: {code}\n    handler: {handler}")
    spec = folder / "pipeline.yaml"
    spec.write_text(text)
    return plan_document(open_document(spec))[1]


def test_what_is_left_out_is_named_where_the_code_is(tmp_path: Path) -> None:
    fill(tmp_path / "handlers" / "fraud", {"index.py": "", ".env": "", ".git/config": "", "sub/a.key": ""})
    (finding,) = found_in(tmp_path)
    assert (finding.code, finding.level, finding.dotted_path) == ("LAM542", "note", "consumers.fraud.code")
    assert finding.message == "the function does not get `.env`, `.git/`, `sub/a.key`"


@pytest.mark.parametrize(("count", "rest"), [(8, ""), (9, " and 1 more")])
def test_eight_are_named_and_the_rest_is_counted(tmp_path: Path, count: int, rest: str) -> None:
    names = [f"{number}.key" for number in range(count)]
    fill(tmp_path / "handlers" / "fraud", {"index.py": "", **dict.fromkeys(names, "")})
    (finding,) = found_in(tmp_path)
    assert finding.message == f"the function does not get {', '.join(f'`{name}`' for name in names[:8])}{rest}"


def test_caches_are_not_spoken_of(tmp_path: Path) -> None:
    fill(tmp_path / "handlers" / "fraud", {"index.py": "", **CACHES})
    assert found_in(tmp_path) == []


@pytest.mark.parametrize(
    ("code", "handler"), [(".", "index.handler"), ("./", "index.handler"), ("..", "project/index.handler")]
)
def test_a_folder_that_holds_the_spec_is_warned_of(tmp_path: Path, code: str, handler: str) -> None:
    project = fill(tmp_path / "project", {"index.py": ""})
    (finding,) = found_in(project, code, handler)
    assert (finding.code, finding.level, finding.dotted_path) == ("LAM541", "warning", "consumers.fraud.code")


def test_a_transform_of_a_delivery_is_looked_at_as_well(tmp_path: Path) -> None:
    fill(tmp_path / "transform", {"index.py": "", ".env": ""})
    spec = tmp_path / "pipeline.yaml"
    spec.write_text(
        "name: shop\nremoval_policy: destroy\nstreams: {clicks: {kind: kinesis, shards: 1}}\n"
        "deliveries: {lake: {from: clicks, transform: {code: transform}, to: {kind: s3, partition_by: [day]}}}\n"
    )
    told = [finding.dotted_path for finding in plan_document(open_document(spec))[1] if finding.code == "LAM542"]
    assert told == ["deliveries.lake.transform.code"]


@given(name=st.text("ab.", max_size=8), pattern=st.text("ab.*", max_size=8).filter(lambda text: "*" in text))
def test_a_name_fits_a_pattern_as_a_shell_says(name: str, pattern: str) -> None:
    assert _fits(name, pattern) == fnmatchcase(name, pattern)
