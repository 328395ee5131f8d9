"""The `{quiz}` directive: a question whose choices each explain themselves.

    :::{quiz} what-add-returns
    `add("x", "y")` is annotated with `int`. What happens?

    - [ ] A TypeError.

      Python evaluates annotations and never looks at them again.
    - [x] `xy` is printed.

      Strings add too.
    :::

Each choice opens its explanation: no script is needed to read it.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

RIGHT, WRONG = "[x] ", "[ ] "


class Quiz(SphinxDirective):
    """Show a question, then its choices, each with its explanation folded away."""

    has_content = True
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        parsed = self.parse_content_to_nodes()
        if not parsed or not isinstance(parsed[-1], nodes.bullet_list):
            raise self.error("A quiz ends in its choices: a list of `- [ ]` and `- [x]`.")
        *question, choices = parsed
        name = self.arguments[0]
        box = nodes.container(ids=[f"quiz-{name}"], classes=["quiz"])
        box += question
        for item in choices.children:
            box += self.choice(item)
        if not any("right" in each["classes"] for each in box.findall(nodes.container)):
            raise self.error(f"The quiz {name} has no right choice: mark one with [x].")
        return [box]

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
