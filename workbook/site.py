"""The Sphinx extension: the directives of the course's pages, and verified notebooks alone."""

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from workbook import __version__, manifest
from workbook.cluster import Cluster
from workbook.course import ROOT
from workbook.pages import finish_page, shorten_paths
from workbook.passed import Passed
from workbook.quiz import Quiz
from workbook.references import Causeway, Misconceptions, References
from workbook.styles import write_styles
from workbook.way import Way
from workbook.workbench import Workbench


def setup(app: Sphinx) -> dict[str, object]:
    app.add_directive("workbench", Workbench)
    app.add_directive("references", References)
    app.add_directive("causeway", Causeway)
    app.add_directive("misconceptions", Misconceptions)
    app.add_directive("quiz", Quiz)
    app.add_directive("cluster", Cluster)
    app.add_directive("way", Way)
    app.add_directive("passed", Passed)
    app.connect("builder-inited", refuse_unverified)
    app.connect("builder-inited", plain_permalinks)
    app.connect("doctree-read", shorten_paths)
    app.connect("html-page-context", finish_page, priority=900)  # after the extensions' own
    app.connect("build-finished", write_styles)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def refuse_unverified(app: Sphinx) -> None:
    """Stop the build when a notebook is not, to the byte, the one that nbval verified."""
    found = manifest.unverified(ROOT)
    if found:
        raise ExtensionError("\n".join([*found, "`make notebooks` verifies them."]))


def plain_permalinks(app: Sphinx) -> None:
    """Mark permanent links by a sign that every font has: the theme sets one of an icon font."""
    app.config.html_permalinks_icon = "#"
