"""Grade *The whole Causeway*: every earlier step once more, and what only the whole tree can show.

The checks of the seven steps are those of their own graders (project/steps.py): each of them is
asked, in a group with what belongs together, and a group counts as a whole. Two things fail the
project whatever else is good (project/knockouts.py), so nothing else is asked then. Decisions are
held against the tree that they are about (project/record.py). What a cheat can still do: what each
step's grader says of itself, and hand in a history that is not the one that was pushed.
"""

import sys
from pathlib import Path

import pytest

DATA = Path(__file__).with_name("project")
sys.path.insert(0, str(DATA))
import knockouts  # noqa: E402 - stands beside this exercise's answers
import record  # noqa: E402 - likewise
import steps  # noqa: E402 - likewise
from steps import asks  # noqa: E402 - likewise

sys.path.remove(str(DATA))

M1, M2, M3, M4, M5, M6, M7 = steps.STEPS

pytestmark = [
    pytest.mark.takes("history.diff"),
    pytest.mark.needs(
        "git", "pre-commit", "radon", "flask", "chromium", "chromedriver", "robot",
        "SeleniumLibrary", "pytest-cov", "uv", "deptry", "gitlab-ci-local", "node", "rsync",
        "hadolint", "sh", "helm", "kubernetes-validate", "sphinx", "myst_parser",
        "sphinx_rtd_theme", "bash", "bandit", "detect-secrets", "cyclonedx-py", "gunicorn", "curl",
    ),
]  # fmt: skip

# A check's title begins with its heading; what the checks of a heading count adds up to this.
RUBRIC = {
    "Behaviour and tests": 20, "Pipeline": 20, "Operability": 15, "Reproducibility": 10,
    "Security": 15, "Documentation": 10, "Decisions": 10,
}  # fmt: skip


@pytest.mark.points(4)
@pytest.mark.hint(
    "Search every commit for what your keys begin with. Since when is it there, and who has it?",
    "git log: https://git-scm.com/docs/git-log#Documentation/git-log.txt--Gltregexgt",
)
def test_no_secret_was_told(submission, advise):
    """Security: no file, and no commit that was handed in, has a key. One fails the project."""
    found = knockouts.told(submission)

    past = [each for each in found if each.startswith(knockouts.HISTORY)]
    advise(past, "The next commit took it out. Who has fetched in between, and what is to be done "
           "before anything else?")  # fmt: skip
    advise(found, "Who has this file, and what does the key open for them?")
    assert not found, f"{'; '.join(found[:3])}. Expected none: nothing else counts until then."


@pytest.mark.points(5)
@pytest.mark.hint(
    "For each event, let each test fail in your mind. Which job deploys all the same?",
    "needs: https://docs.gitlab.com/ci/yaml/#needs",
)
def test_no_deploy_is_reached_past_a_test(submission, advise):
    """Pipeline: while a test fails nothing is deployed, by any event. One deploy fails it all."""
    found = knockouts.past_tests(submission)
    known = isinstance(found, dict)
    past = found["past"] if known else []

    advise(not known, "How long does GitLab think about the rules of this file?")
    advise(known and found["problems"], "Would GitLab take this file?")
    advise(known and found["warned"], "It is allowed to fail. Who reads the warning, and when?")
    advise([each for each in past if len(each) == 2], "A pipeline without a test deploys. Who has "
           "tried what it sends?")  # fmt: skip
    advise(past, "What does that job wait for, and what was still running?")
    assert known, f"The pipeline could not be played: {found!s:.100}"
    assert not found["problems"], f"{' '.join(found['problems'])} Expected what GitLab takes."
    told = [f"{job} ({event}) runs {f'while {test[0]} fails' if test else 'without a test'}"
            for event, job, *test in past]  # fmt: skip
    assert not told, f"{'; '.join(told[:3])}. Expected none: nothing else counts until then."


@pytest.fixture
def alive(submission, advise):
    """Ask nothing more of a project that one of these two fails."""
    test_no_secret_was_told(submission, advise)
    test_no_deploy_is_reached_past_a_test(submission, advise)


@pytest.mark.points(5)
@pytest.mark.hint("workbook check m1_static_analysis/project: which check fails there, and why?")
@asks(
    M1.test_callers_find_what_they_knew, M1.test_questions_share_nothing,
    M1.test_now_is_the_same_in_every_time_zone, M1.test_after_the_last_window_is_closed,
    M1.test_missing_table_is_told,
)  # fmt: skip
def test_drivers_are_told_the_truth():
    """Behaviour and tests: the sign is right in each zone, at the end of a day, without a table."""


@pytest.mark.points(3)
@pytest.mark.hint("workbook check m1_static_analysis/project: which check fails there, and why?")
@asks(
    M1.test_mypy_strict_is_clean, M1.test_no_comment_silences_everything,
    M1.test_functions_stay_simple,
)  # fmt: skip
def test_code_can_be_read():
    """Behaviour and tests: types are strict, functions simple, exemptions name their rule."""


@pytest.mark.points(3)
@pytest.mark.hint("workbook check m1_static_analysis/project: which check fails there, and why?")
@asks(
    M1.test_hooks_pass_on_the_tree, M1.test_hooks_stop_each_fault, M1.test_hooks_see_every_module
)  # fmt: skip
def test_hooks_stop_faults():
    """Behaviour and tests: the hooks stop each fault in each module, and nothing else."""


@pytest.mark.points(5)
@pytest.mark.hint("workbook check m2_testing/project: which check fails there, and why?")
@asks(
    M2.test_tests_pass_and_reach_the_floor, M2.test_untested_code_breaks_the_floor,
    M2.test_untaken_branches_break_the_floor, M2.test_tests_notice_what_drowns,
)  # fmt: skip
def test_tests_notice_faults():
    """Behaviour and tests: a test notices what drowns, and the floor what no test touches."""


@pytest.mark.points(4)
@pytest.mark.hint("workbook check m2_testing/project: which check fails there, and why?")
@asks(
    M2.test_browser_reaches_the_dashboard, M2.test_browser_notices_an_open_door,
    M2.test_browser_notices_a_missing_dashboard, M2.test_password_stays_out_of_the_log,
)  # fmt: skip
def test_warden_logs_in_by_browser():
    """Behaviour and tests: in a browser the warden gets in and nobody else, quietly."""


@pytest.mark.points(7)
@pytest.mark.hint("workbook check m4_ci_cd/project: which check fails there, and why?")
@asks(
    M4.test_one_pipeline_for_each_push, M4.test_nothing_is_deployed_past_a_failure,
    M4.test_production_waits_for_a_click, M4.test_one_deploy_at_a_time,
)  # fmt: skip
def test_a_push_leads_to_drivers():
    """Pipeline: a push has one pipeline, linters and tests stand in it, production waits."""


@pytest.mark.points(5)
@pytest.mark.hint("workbook check m4_ci_cd/project: which check fails there, and why?")
@asks(M4.test_one_image_goes_everywhere, M4.test_image_holds_what_it_needs)
def test_one_image_is_built_well():
    """Pipeline: one image goes everywhere by its digest, holds what it needs, and is not root."""


@pytest.mark.points(3)
@pytest.mark.hint("workbook check m4_ci_cd/project: which check fails there, and why?")
@asks(M4.test_review_apps_end, M4.test_gitlab_reads_the_results)
def test_reviewers_see_what_they_need():
    """Pipeline: a merge request has an app that ends, and its results are read."""


@pytest.mark.points(4)
@pytest.mark.hint("workbook check m4_ci_cd/project: which check fails there, and why?")
@asks(M4.test_a_failed_rollout_is_taken_back)
def test_a_bad_rollout_goes_back():
    """Operability: a rollout is waited for, and one that fails is red and goes back."""


@pytest.mark.points(4)
@pytest.mark.hint("workbook check m5_kubernetes/project: which check fails there, and why?")
@asks(M5.test_a_cluster_takes_the_manifest, M5.test_pods_are_watched_and_bounded)
def test_pods_are_looked_after():
    """Operability: a cluster takes the manifest, and its pods are asked, bounded and several."""


@pytest.mark.points(7)
@pytest.mark.hint("workbook check m5_kubernetes/project: which check fails there, and why?")
@asks(
    M5.test_chart_serves_three_environments, M5.test_upgrades_roll_what_has_changed,
    M5.test_manifest_and_chart_say_the_same,
)  # fmt: skip
def test_chart_serves_each_environment():
    """Operability: one chart serves three environments, and rolls what has changed."""


@pytest.mark.points(3)
@pytest.mark.hint("workbook check m3_dependencies/project: which check fails there, and why?")
@asks(M3.test_asks_for_what_it_imports, M3.test_group_dev_has_the_tools,
      M3.test_updates_come_as_agreed)  # fmt: skip
def test_needs_are_written_in_one_place():
    """Reproducibility: pyproject.toml asks for what is used, and updates come as agreed."""


@pytest.mark.points(7)
@pytest.mark.hint("workbook check m3_dependencies/project: which check fails there, and why?")
@asks(
    M3.test_locks_hold_what_is_asked_for, M3.test_each_release_has_its_hashes,
    M3.test_servers_get_what_was_tested,
)  # fmt: skip
def test_everybody_gets_the_same_bytes():
    """Reproducibility: the locks hold what is asked for, with hashes, for servers as tested."""


@pytest.mark.points(4)
@pytest.mark.hint("workbook check m7_security/project: which check fails there, and why?")
@asks(
    M7.test_no_secret_is_in_the_files, M7.test_without_its_key_it_does_not_start,
    M7.test_secrets_come_from_a_variable_or_a_file, M7.test_secrets_are_told_nowhere,
    M5.test_settings_come_from_where_they_belong,
)  # fmt: skip
def test_secrets_are_kept():
    """Security: each secret comes from outside, is needed, and is told nowhere."""


@pytest.mark.points(2)
@pytest.mark.hint("workbook check m5_kubernetes/project: which check fails there, and why?")
@asks(M5.test_pods_may_do_no_more_than_serve, M7.test_no_finding_is_hidden)
def test_nothing_may_more_than_it_needs():
    """Security: pods keep to the profile restricted, and no comment hides a finding."""


@pytest.mark.points(5)
@pytest.mark.hint("workbook check m7_security/project: which check fails there, and why?")
@asks(
    M7.test_scanners_stop_a_merge_request, M7.test_reports_and_sbom_are_kept,
    M7.test_a_running_causeway_is_asked,
)  # fmt: skip
def test_scanners_stand_in_the_way():
    """Security: a key, a shell, a hole and a broken contract stop a merge request; reports stay."""


@pytest.mark.points(4)
@pytest.mark.hint("workbook check m6_documentation/project: which check fails there, and why?")
@asks(M6.test_handbook_builds_strictly, M6.test_whole_interface_is_told)
def test_handbook_tells_the_interface():
    """Documentation: the handbook builds strictly, and tells of each public name."""


@pytest.mark.points(3)
@pytest.mark.hint("workbook check m6_documentation/project: which check fails there, and why?")
@asks(M6.test_each_function_has_an_example, M6.test_boundary_has_an_example)
def test_examples_are_true():
    """Documentation: an example notices each function that changes, and the closing minute."""


@pytest.mark.points(3)
@pytest.mark.hint("workbook check m6_documentation/project: which check fails there, and why?")
@asks(
    M6.test_job_stops_at_what_is_wrong, M6.test_each_change_has_to_pass,
    M6.test_what_is_built_stays_out_of_git,
)  # fmt: skip
def test_pages_are_built_for_each_change():
    """Documentation: each change builds the pages, stops at a fault, and keeps them out of git."""


@pytest.mark.points(4)
@pytest.mark.hint(
    "Take each choice of the record, and look for it in the tree. Which file would have to change?",
    "Records of decisions: https://adr.github.io/",
)
def test_record_and_tree_agree(submission, advise, alive):
    """Decisions: three or more are recorded, and the tree does what they chose and nothing else."""
    made, found = record.made(submission), record.decisions(submission)
    mine = {name: each for name, each in found.items() if name in made}
    absent = {name: each.get("choice") for name, each in mine.items()
              if record.chosen(name, each.get("choice")) not in made[name]}  # fmt: skip
    others = {name: record.rejected(each) for name, each in mine.items()}
    used = [f"{name}: {value!s:.40}" for name, values in others.items() for value in values
            if record.chosen(name, value) in made[name]]  # fmt: skip
    alone = [name for name, values in others.items() if not values]

    advise(not mine, "Who will know in a year why it is done like this, and not as elsewhere?")
    advise(absent, "Which file of yours does that? Is the record of this tree, or of a wish?")
    advise(used, "It was rejected, and it is there. Which of the two is true?")
    advise(alone, "Against what was it chosen? What has no alternative was never decided.")
    for name, value in absent.items():
        seen = " and ".join(sorted(map(record.shown, made[name])))
        pytest.fail(f"{name}: {value!s:.40} was chosen, the tree has {seen or 'none'}.")
    assert not used, f"{used[0]} was rejected, and the tree has it. Expected one of the two."
    assert not alone, f"{', '.join(alone)}: nothing was rejected. Expected what else there was."
    least = f"{len(mine)} of {', '.join(made)} are in {record.FILE}."
    assert len(mine) >= record.FEWEST, f"{least} Expected {record.FEWEST} at least."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Let a colleague look for your reason in the tree. In which file do they find it, word for "
    "word?",
    "Nygard: https://cognitect.com/blog/2011/11/15/documenting-architecture-decisions",
)
def test_reasons_stand_in_the_tree(submission, advise, alive):
    """Decisions: each has a reason that stands in a file of the tree, and says what it costs."""
    found = record.decisions(submission)
    short = [f"{name}.{key}" for name, each in found.items() for key in ("because", "costs")
             if not record.says(each.get(key))]  # fmt: skip
    said = [each.get(key) for each in found.values() for key in ("because", "costs")]
    twice = sorted({each for each in said if isinstance(each, str) and said.count(each) > 1})
    adrift = [name for name, each in found.items()
              if not record.quoted(submission, each.get("seen_in"))]  # fmt: skip

    advise(not found, "A decision that nobody wrote down is taken again each year. By whom?")
    advise(adrift, "The file has changed since. Does the reason still hold, and who would notice?")
    advise([each for each in short if each.endswith("costs")], "What is given up? What costs "
           "nothing needed no decision.")  # fmt: skip
    advise(short or twice, "Would these words also speak for the other choice?")
    assert found, f"{record.FILE} has no decision. Expected {record.FEWEST}."
    assert not adrift, f"{', '.join(adrift)}: seen_in quotes nothing that stands in the tree."
    assert not short, f"{', '.join(short)} says too little. Expected a sentence."
    assert not twice, f"{twice[0]!s:.60} is said twice. Expected each to have its own."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Run the command of each trigger. What has to happen for its number to change?",
    "What is measured can be watched: https://sre.google/sre-book/monitoring-distributed-systems/",
)
def test_triggers_can_be_observed(submission, advise, alive):
    """Decisions: each ends by a number that is observed in the tree, and is not reached today."""
    found = record.decisions(submission)
    ends = {name: each.get("revisit") for name, each in found.items()}
    vague = [name for name, each in ends.items() if not isinstance(each, dict)
             or not record.text(each.get("observe")) or not isinstance(each.get("when"), str)
             or not record.CONDITION.fullmatch(each["when"])]  # fmt: skip

    advise(not found, "When will anybody look at it again?")
    advise(vague, "Who will say that the day has come, and by what will they know?")
    assert found, f"{record.FILE} has no decision. Expected {record.FEWEST}."
    assert not vague, f"{', '.join(vague)}: revisit has no command and condition. Expected both."
    figures = dict(zip(found, record.observed(submission, [e["observe"] for e in ends.values()]),
                       strict=True))  # fmt: skip
    today = {name: record.true_today(figures[name][0], ends[name]["when"]) for name in ends}
    silent = [name for name, each in today.items() if each is None]
    blind = [name for name, said in figures.items()
             if record.blind(ends[name]["observe"], *said)]  # fmt: skip
    overdue = [name for name, each in today.items() if each]

    advise(silent, "Run it as it stands there. What does it print?")
    advise(blind, "It says the same of an empty folder. What does it observe?")
    advise(overdue, "It is true today. Who decides again, and why has nobody?")
    assert not silent, f"{silent[0]}: observe prints no number. Expected one."
    assert not blind, f"{', '.join(blind)}: what observe prints does not come from the tree."
    assert not overdue, f"{', '.join(overdue)}: revisit holds already. Expected it not to, today."


if (left := steps.all_of_them() - steps.ASKED) or steps.told_apart(globals()) != RUBRIC:
    raise ValueError(f"Not asked: {left}; {steps.told_apart(globals())} is not {RUBRIC}.")
