"""Causeway: can I drive across before the tide?"""

from .main import create_app as create_app
