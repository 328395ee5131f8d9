"""The `{quiz}` directive: a question whose choices each explain themselves.

    :::{quiz} what-add-returns
    `add("x", "y")` is annotated with `int`. What happens?

    - [ ] A TypeError.

      Python evaluates annotations and never looks at them again.
    - [x] `xy` is printed.

      Strings add too.
    :::

Each choice opens its explanation: no script is needed to read it.

With `:taught:`, `:seen:` and `:said:` it is an item of the diagnostic: it leads to the section of
a chapter that teaches it and to the section of a notebook where it was run, quotes what that said,
and the page's script asks how sure the reader is before it tells.
"""

import hashlib
from collections.abc import Callable
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

RIGHT, WRONG = "[x] ", "[ ] "


class Quiz(SphinxDirective):
    """Show a question, then its choices, each with its explanation folded away."""

    has_content = True
    required_arguments = 1
    option_spec: ClassVar[dict[str, Callable[[str], str]]] = {
        "taught": directives.unchanged_required,
        "seen": directives.unchanged_required,
        "said": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        parsed = self.parse_content_to_nodes()
        if not parsed or not isinstance(parsed[-1], nodes.bullet_list):
            raise self.error("A quiz ends in its choices: a list of `- [ ]` and `- [x]`.")
        *question, items = parsed
        choices = [self.choice(item) for item in items.children]
        if not any("right" in choice["classes"] for choice in choices):
            name = self.arguments[0]
            raise self.error(f"The quiz {name} has no right choice: mark one with [x].")
        head, end = self.group(question[0] if question else choices[0])
        return [head, *question, *choices, *self.leads(), end]

    def leads(self) -> list[nodes.Node]:
        """Say, folded away, where an item of the diagnostic is taught and where it was run."""
        if not self.options:
            return []
        if set(self.options) != set(self.option_spec):
            raise self.error("An item of the diagnostic has `:taught:`, `:seen:` and `:said:`.")
        said = "Taught in []({taught}).\nRun in []({seen}), which said: `{said}`"
        box = nodes.container(classes=["leads"])
        box += nodes.raw("", "<details><summary>Where it is taught</summary>", format="html")
        box += self.parse_text_to_nodes(said.format(**self.options))
        box += nodes.raw("", "</details>", format="html")
        return [box]

    def group(self, asked: nodes.Node) -> tuple[nodes.raw, nodes.raw]:
        """Give what stands around the quiz: a group named by what is *asked*, for progress."""
        name = self.arguments[0]
        module = self.env.current_document.docname.rpartition("/")[2]
        digest = hashlib.sha256("\n".join(self.content).encode()).hexdigest()
        kind = "item" if self.options else "quiz"  # course.json counts quizzes alone
        if isinstance(asked, nodes.Element):
            asked["ids"].append(f"quiz-{name}-asks")
        head = (
            f'<div class="quiz" id="quiz-{name}" role="group" aria-labelledby="quiz-{name}-asks"'
            f' data-{kind}="{module}/{name}" data-digest="sha256:{digest}">'
        )
        return nodes.raw("", head, format="html"), nodes.raw("", "</div>", format="html")

    def choice(self, item: nodes.Node) -> nodes.container:
        """Make one choice: the first paragraph is the choice, what follows is its explanation."""
        head, *explanation = item.children
        first = next(iter(head.findall(nodes.Text)), None)
        mark = first.astext()[:4] if first else ""
        if first is None or mark not in (RIGHT, WRONG) or not explanation:
            raise self.error(
                f"Found the choice {head.astext()!r}. Expected `- [ ] choice` or `- [x] choice`, "
                "a blank line, and an indented explanation."
            )
        first.parent.replace(first, nodes.Text(first.astext()[4:]))
        kind, word = ("right", "Yes.") if mark == RIGHT else ("wrong", "No.")
        box = nodes.container(classes=["quiz-choice", kind])
        box += nodes.raw("", "<details><summary>", format="html")
        box += nodes.inline("", "", *head.children)
        box += nodes.raw("", "</summary>", format="html")
        box += nodes.paragraph("", "", nodes.strong(text=word))
        box += explanation
        box += nodes.raw("", "</details>", format="html")
        return box
