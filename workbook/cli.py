"""The command line: what `workbook --help` lists.

Exit codes: 0 all passed, 1 not yet, 2 wrong usage or a broken grader.
"""

import os
import sys
from pathlib import Path

import click
from rich.control import Control
from rich.segment import ControlType
from rich.text import Text

from workbook import folder as learner
from workbook.course import CourseError, Exercise, digest, find_exercise, find_exercises
from workbook.show import console, question_view, reference_view, table, verdict_view
from workbook.verdict import Verdict


class Commands(click.Group):
    """A group whose commands tell a CourseError in plain words and end with exit code 2."""

    def list_commands(self, context: click.Context) -> list[str]:
        return list(self.commands)  # in the order of use, not of the alphabet

    def invoke(self, context: click.Context) -> object:
        try:
            return super().invoke(context)
        except CourseError as error:
            told = str(error)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] == "workbook":
                raise
            told = (
                f"{error.name} is not installed here: so far there is only what the site needs.\n"
                "Run `make tools` in the course's folder, then do this again."
            )
        click.secho(told, fg="red", err=True)
        sys.exit(2)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Do the exercises of the Causeway course.

    NAME is an exercise's name, with its module where that is needed: m1/project.
    """


@main.command()
@click.argument("directory", type=click.Path(path_type=Path))
def start(directory: Path) -> None:
    """Make DIRECTORY your own folder, to work in and to hand in."""
    learner.start(directory)
    made = f"Made {directory}: {len(find_exercises())} exercises, and the notebooks."
    console.print(made, markup=False)
    console.print(f"Next: cd {directory}, then workbook watch", markup=False)
    warm()


@main.command("list")
def list_() -> None:
    """List the exercises, and how far you are."""
    mine = learner.find_learner_folder()
    rows = table("exercise", "points", "", "title")
    for each in find_exercises():
        points = str(sum(check.points for check in each.checks))
        rows.add_row(each.id, points, mine.state(each, digest(each.start)), each.title)
    console.print(rows)


@main.command()
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the verdict documents alone.")
def check(name: str | None, as_json: bool) -> None:
    """Check one exercise, a module's, or all."""
    mine = learner.find_learner_folder()
    exercises = chosen(name, mine)
    verdicts = judge(exercises, mine)
    for exercise, verdict in zip(exercises, verdicts, strict=True):
        if as_json:
            click.echo(verdict.to_json(), nl=False)
        elif len(exercises) > 1:
            click.echo(f"{verdict.outcome.replace('_', ' '):8}  {verdict.points:>2} of "
                       f"{verdict.of:<2}  {exercise.id}")  # fmt: skip
        else:
            console.print(verdict_view(exercise, verdict))
            ask(exercise, verdict, mine)
    if len(exercises) > 1 and not as_json:
        passed = sum(verdict.outcome == "passed" for verdict in verdicts)
        click.echo(f"{passed} of {len(exercises)} exercises passed.")
    sys.exit(exit_code(verdicts))


@main.command()
@click.argument("name", required=False)
def watch(name: str | None) -> None:
    """Check again each time you save; keys for hint, reset, next."""
    from workbook.watch import watch as keep_watching

    mine = learner.find_learner_folder()
    first = find_exercise(name) if name else None
    keep_watching(mine, find_exercises(), first)


@main.command()
@click.argument("name")
def hint(name: str) -> None:
    """Ask the next question about what is not yet right."""
    mine = learner.find_learner_folder()
    exercise = find_exercise(name)
    [verdict] = judge([exercise], mine)
    console.print(next_hint(exercise, verdict, mine))
    sys.exit(exit_code([verdict]))


@main.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def reset(name: str, yes: bool) -> None:
    """Bring an exercise's start back; what you wrote is kept."""
    mine = learner.find_learner_folder()
    exercise = find_exercise(name)
    if not yes:
        what = f"exercises/{exercise.files_at}"
        click.confirm(f"Put {what} back as it was handed out (yours is kept)?", abort=True)
    kept = mine.reset(exercise)
    where = f" What you had is in {kept.relative_to(mine.path)}." if kept else ""
    console.print(f"{exercise.id} is as it was handed out.{where}", markup=False)


@main.command()
@click.argument("course", metavar="[FROM]", required=False, type=click.Path(path_type=Path))
def update(course: Path | None) -> None:
    """Bring in a new release of the course; what you changed stays.

    FROM is another checkout of the course than the one whose command this is.
    """
    from workbook.update import update as bring

    mine = learner.find_learner_folder()
    rows, back = bring(mine, course.resolve()) if course else bring(mine)
    if not rows:
        click.echo("There is nothing new: what you have comes from this very release.")
        return
    wide = max(len(row.name) for row in rows)
    for row in rows:  # no table: a name in two lines could not be copied
        click.echo(f"{row.word:9} {row.name:{wide}}  {row.note}".rstrip())
    states = {each.id: mine.state(each, digest(each.start)) for each in find_exercises()}
    if again := [name for name, state in states.items() if state == "check again"]:
        click.echo(f"To check again, as they have changed: {', '.join(again)}.")
    if back:
        click.echo(f"To have it all back as it was: git checkout {back[0]} -- :/")
    for ref in back[1:]:
        click.echo(f"As it was when you went on after that was stopped: git checkout {ref} -- :/")
    if any(row.word == "conflict" for row in rows):
        click.echo(
            "Conflict: your file is as you left it, the course's is in .workbook/new. Compare:\n"
            "  git diff --no-index FILE .workbook/new/FILE\n"
            "Take over what you want, then remove the copy: that settles it."
        )
        sys.exit(1)


@main.command("import")
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_(files: tuple[Path, ...]) -> None:
    """Bring in what you did on the site: its progress.json, its my-files.zip."""
    from workbook.bring import bring, passed_elsewhere

    mine, exercises = learner.find_learner_folder(), find_exercises()
    kept = []
    for path in files:
        told = bring(mine, path, exercises)
        counts = ", ".join(f"{len(names)} {word}" for word, names in told.items())
        click.echo(f"{path}: {counts or 'of each exercise the better of both is kept'}.")
        kept += told.get("kept", [])
    if kept:
        click.echo("Kept, as you changed them here too:\n  " + "\n  ".join(kept))
    if elsewhere := passed_elsewhere(mine, exercises):
        click.echo("Passed, but with other files than stand here:\n  " + "\n  ".join(elsewhere))
        click.echo("Bring the site's my-files.zip too, or check them here.")
    sys.exit(1 if kept or elsewhere else 0)


@main.command("hand-in")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path), help="A .zip to write.")
@click.option("--name", help="Yours, as your course knows you; asked for by default.")
@click.option("--yes", is_flag=True, help="Replace an archive without asking.")
def hand_in(out: Path | None, name: str | None, yes: bool) -> None:
    """Pack what is graded, and say what is missing."""
    from workbook import hand_in as pack

    mine = learner.find_learner_folder()
    if out and name:
        raise CourseError("--out names the archive already, and so its student: leave out --name.")
    if not out and not name:
        try:
            name = click.prompt("Your name, as your course knows you", os.environ.get("USER"))
        except click.Abort:
            raise CourseError("Without a name there is no archive: give it with --name.") from None
    path = pack.place(mine, out, name or "")
    found = pack.collect(mine, find_exercises())
    content = pack.archive(found.files)
    if os.path.exists(path) and not yes:  # Path.exists raises for a name that is too long
        click.confirm(f"{path} is there already. Replace it?", abort=True)
    pack.write(path, content)
    told = table("missing", "exercises")
    for what in dict.fromkeys(filter(None, found.lacks.values())):
        told.add_row(Text(what), "\n".join(pack.named(found.lacks, what)))
    if told.rows:
        console.print(told)
    if found.left_out:
        more = f" and {len(found.left_out) - 5} more" if len(found.left_out) > 5 else ""
        click.echo(f"Not graded, so left out: {', '.join(found.left_out[:5])}{more}.")
    size = f"{len(found.files)} files, {len(content) / 1000:.0f} kB"
    done = [*found.lacks.values()].count("")
    click.echo(f"Passed: {done} of {len(found.lacks)} exercises. Wrote {path}: {size}.")
    sys.exit(1 if told.rows else 0)


@main.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Show it though the exercise is not passed.")
def solution(name: str, yes: bool) -> None:
    """Show the reference, beside yours once you passed."""
    mine = learner.find_learner_folder()
    exercise = find_exercise(name)
    passed = mine.state(exercise, digest(exercise.start)) == "passed"
    if not passed and not yes:
        click.confirm("This exercise is not passed yet. Show its reference?", abort=True)
    from workbook.intake import take

    console.print(reference_view(exercise, take(exercise, mine.path).files if passed else None))


@main.command()
@click.argument("names", nargs=-1)
@click.option("--workers", default=0, help="Processes at a time; one for each core by default.")
@click.option("--browser", is_flag=True, help="Compare the built page's verdicts with these.")
def prove(names: tuple[str, ...], workers: int, browser: bool) -> None:
    """Prove exercises: start, reference, wrong and right answers."""
    from workbook.prove import prove as run

    exercises = [each for name in names for each in matching(name)] or find_exercises()
    if browser:
        from workbook.page.prove import prove_in_browser

        sys.exit(0 if prove_in_browser(exercises) else 1)
    sys.exit(0 if run(exercises, workers) else 1)


@main.command()
@click.argument("submissions", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="The gradebook's folder."
)
@click.option("--workers", default=0, help="Judges at a time; one for each core by default.")
@click.option("--only", default="", metavar="NAME", help="A module, or an exercise.")
@click.option(
    "--shard", default="", metavar="I/N", help="One part of N; a CI job's own by default."
)
@click.option("--trusted", is_flag=True, help="Grade without a sandbox, and say so in the book.")
def grade(submissions: Path, out: Path, workers: int, only: str, shard: str, trusted: bool) -> None:
    """Grade a folder of SUBMISSIONS: a folder, .zip or .tar.gz a student.

    Run it again to go on where it was stopped, or when something was handed in anew.
    """
    from workbook.batch import ARCHIVES, grade_batch, shard_of

    named = matching(only) if only else []
    wanted = {each.module for each in named} if len(named) > 1 else {each.id for each in named}
    try:
        found = grade_batch(
            submissions, out, workers=workers, only="".join(wanted), shard=shard_of(shard),
            trusted=trusted,
        )  # fmt: skip
    except KeyboardInterrupt:
        click.echo("Stopped. What was reached is in the gradebook: run this again to go on.")
        sys.exit(130)
    told = ", ".join(f"{count} {outcome.replace('_', ' ')}" for outcome, count in found.items())
    click.echo(f"{out}: {told or 'no submission'}.")
    files = sorted(path.name for path in submissions.iterdir() if path.is_file())
    if other := [each for each in files if each[0] != "." and not each.endswith(ARCHIVES)]:
        click.echo(f"Not looked at, being neither folder, .zip nor .tar.gz: {', '.join(other)}.")
    if found:
        click.echo(f"Next: workbook export {out} --format csv|gradescope|junit|html")
    sys.exit(2 if found["broken"] else 0)


@main.command()
@click.argument("grades", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "kind", required=True, type=click.Choice(["csv", "gradescope", "junit", "html"])
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where to; beside the book by default."
)
@click.option(
    "--submissions",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="What was graded: the pages then name answers that are much alike.",
)
def export(grades: tuple[Path, ...], kind: str, out: Path | None, submissions: Path | None) -> None:
    """Write the verdicts of GRADES; several books, those of shards, as one."""
    from workbook.batch import files_of
    from workbook.export import FORMATS
    from workbook.gradebook import opened
    from workbook.report import write_html

    made = {"csv": "grades.csv", "junit": "grades.xml"}
    out = out or grades[0] / made.get(kind, kind)
    with opened(grades) as book:
        if kind == "html" and submissions:
            write_html(book, find_exercises(), out, handed_in=files_of(submissions))
        else:
            FORMATS[kind](book, find_exercises(), out)
    click.echo(f"Wrote {out}.")


def chosen(name: str | None, mine: learner.LearnerFolder) -> list[Exercise]:
    """Give the exercises that *name* means; without one, the folder's we are in, or all."""
    if name:
        return matching(name)
    here = Path.cwd().resolve()
    inside = [
        each
        for each in find_exercises()
        for place in {each.id, each.files_at}
        if here.is_relative_to(mine.path / "exercises" / place)
    ]
    return inside or find_exercises()


def matching(name: str) -> list[Exercise]:
    """Give a module's exercises for its name or number, else the one exercise called *name*."""
    of_module = [each for each in find_exercises() if name in (each.module, each.module[:2])]
    return of_module or [find_exercise(name)]


def judge(exercises: list[Exercise], mine: learner.LearnerFolder) -> list[Verdict]:
    """Grade *exercises* out of the learner's folder, and remember the verdicts."""
    from workbook.grading import from_folder, grade

    if console.is_terminal:  # no spinner: pytest takes the terminal's place meanwhile
        what = f"{len(exercises)} exercises " if len(exercises) > 1 else ""
        console.print(f"Checking {what}…", style="dim", end="\r")
    verdicts = grade(exercises, from_folder(mine.path))
    console.control(Control((ControlType.ERASE_IN_LINE, 2)))
    for verdict in verdicts:
        mine.remember(verdict)
    return verdicts


def ask(exercise: Exercise, verdict: Verdict, mine: learner.LearnerFolder) -> None:
    """Ask the question of the first open check that was asked last; tell how to get more."""
    open_ = verdict.first_open()
    if open_ and open_.questions:
        console.print()
        shown = mine.hints_shown(exercise, open_.id, at_least=1)
        number = min(shown, len(open_.questions))
        console.print(question_view(open_, number))
        if number < len(open_.questions):
            console.print(f"The next: workbook hint {exercise.name}", style="dim")


def next_hint(exercise: Exercise, verdict: Verdict, mine: learner.LearnerFolder) -> Text:
    """Give the next hint of the first open check, or say why there is none."""
    open_ = verdict.first_open()
    if open_ is None:
        return Text("Passed: there is nothing to hint at.")
    if not open_.questions:
        return Text(f"{open_.message}\nThere is no hint for that: mend it first, then check again.")
    shown = mine.hints_shown(exercise, open_.id)
    number = min(shown + 1, len(open_.questions))
    mine.hints_shown(exercise, open_.id, at_least=number)
    return question_view(open_, number)


def exit_code(verdicts: list[Verdict]) -> int:
    """Give 0 when all passed, 2 when a grader broke, else 1."""
    outcomes = {verdict.outcome for verdict in verdicts}
    return 2 if "broken" in outcomes or not outcomes else int(outcomes != {"passed"})


def warm() -> None:
    """Make the tools' caches now, so that the first check is as fast as the second."""
    from workbook import tools

    if tools.is_installed("mypy"):
        with console.status("Preparing mypy's cache of the standard library, once"):
            tools.mypy_cache("--strict")


if __name__ == "__main__":
    main()
