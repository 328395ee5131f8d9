"""Causeway: can I drive across before the tide?"""

from my_devops_project.main import create_app

__all__ = ["create_app"]
