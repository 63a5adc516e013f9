"""The hosted checks: linted, without rights they do not need, and their scripts work."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from neuralblog_site.project.places import ROOT

GITHUB = ROOT / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
FORMS = sorted(GITHUB.glob("ISSUE_TEMPLATE/[!c]*.yml"))
BIN = Path(sys.executable).parent


def lint(*command: str) -> str:
    """What a linter says; nothing if all is well."""
    run = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr if run.returncode else ""


def test_no_weakness_is_known() -> None:
    assert lint("zizmor", "--offline", "--persona", "auditor", str(GITHUB)) == ""


def test_a_weakness_would_be_told(tmp_path: Path) -> None:
    text = WORKFLOWS[-1].read_text(encoding="utf-8")
    worse = {
        "unpinned": re.sub(r"@[0-9a-f]{40}.*", "@v5", text),
        "trusting": text.replace("  schedule:", "  pull_request_target:\n  schedule:"),
        "careless": text.replace("persist-credentials: false", "fetch-depth: 1"),
        "injected": text.replace('make "$WHAT"', "make ${{ github.head_ref }}"),
    }
    for name, weak in worse.items():
        assert weak != text
        path = tmp_path / f"{name}.yml"
        path.write_text(weak, encoding="utf-8")
        assert lint("zizmor", "--offline", str(path)) != "", name


@pytest.mark.parametrize("schema", ["github-workflows", "dependabot"])
def test_the_files_are_what_the_host_reads(schema: str) -> None:
    files = WORKFLOWS if "work" in schema else [GITHUB / "dependabot.yml"]
    option = f"--builtin-schema=vendor.{schema}"
    assert lint("check-jsonschema", option, *map(str, files)) == ""


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_can_do_little(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    assert "pull_request_target" not in text.replace("`pull_request_target`", "")
    assert "secrets." not in text
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")
    assert all("timeout-minutes" in job for job in jobs.values())
    for used in re.findall(r"uses: (\S+)", text):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used), used
    writes = [job for job in jobs.values() if "write" in str(job["permissions"])]
    assert len(writes) == (path.stem == "publish")
    assert all("run" not in str(job["steps"]) for job in writes)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_command_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"].values()
    matrix = [
        w for j in jobs for w in j.get("strategy", {}).get("matrix", {}).get("what", [])
    ]
    targets = set(re.findall(r"run: make ([a-z]+)", text)) | set(matrix)
    known = re.findall(
        r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE
    )
    assert targets <= set(known)
    for command in re.findall(r"neuralblog_site ([a-z]+)", text):
        run = [sys.executable, "-m", "neuralblog_site", command, "--help"]
        assert subprocess.run(run, capture_output=True, check=False).returncode == 0


def test_the_hook_before_a_commit_checks_posts() -> None:
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    (hook,) = yaml.safe_load(text)
    assert {"id", "name", "entry", "language", "files"} <= set(hook)
    named = re.compile(hook["files"]).search
    assert named("docs/posts/neurons.md") and named("README.md")
    assert not named("docs/assets/js/site.js") and not named("src/README.md")
    command, *entry = hook["entry"].split()
    run = [str(BIN / command), *entry, "--no-run", "docs/posts/nothing.md"]
    said = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)
    assert said.stdout.startswith("docs/posts/nothing.md:1: FL01")


def test_a_pull_request_is_annotated_before_anything_else() -> None:
    text = (GITHUB / "workflows" / "pull-request.yml").read_text("utf-8")
    steps = yaml.safe_load(text)["jobs"]["test"]["steps"]
    at = [n for n, step in enumerate(steps) if "--format github" in str(step)]
    tested = [n for n, step in enumerate(steps) if step.get("run") == "make test"]
    assert at and at < tested
    assert "--strict" in steps[at[0]]["run"]


@pytest.mark.parametrize(
    ("results", "green"),
    [("success success", True), ("success failure", False), ("skipped", False)],
)
def test_all_green_means_all(results: str, green: bool) -> None:
    for path in WORKFLOWS:
        job = yaml.safe_load(path.read_text("utf-8"))["jobs"].get("all-green")
        if job is not None:
            (step,) = job["steps"]
            run = subprocess.run(
                ["bash", "-eo", "pipefail", "-c", step["run"]],
                env={"RESULTS": results},
                capture_output=True,
                check=False,
            )
            assert (run.returncode == 0) is green


def test_what_is_published_is_known_wherever_posts_are_checked() -> None:
    text = (GITHUB / "workflows" / "pull-request.yml").read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["env"]["NEURALBLOG_BASE"] == "HEAD^1"
    assert text.count("actions/checkout@") == text.count("fetch-depth: 2")


def test_the_gate_waits_for_every_job() -> None:
    for path in WORKFLOWS:
        jobs = yaml.safe_load(path.read_text("utf-8"))["jobs"]
        if "all-green" in jobs:
            assert {*jobs["all-green"]["needs"], "all-green"} == set(jobs)


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_form_asks_for_what_it_needs(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    ids = [field["id"] for field in form["body"]]
    assert len(ids) == len(set(ids))
    assert all(field["attributes"]["label"] for field in form["body"])


def test_nobody_is_invented() -> None:
    for path in [*GITHUB.rglob("*.*"), *ROOT.glob("*.md")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\w.]+@[\w-]+\.(com|org|net|io|dev)\b", text), path
    assert not (GITHUB / "CODEOWNERS").exists()
