"""The tool of the Causeway course: its graders, its command line and its Sphinx extension."""

__version__ = "1.0.0"
