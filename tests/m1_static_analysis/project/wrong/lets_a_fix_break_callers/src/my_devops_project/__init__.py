"""Causeway: can I drive across before the tide?"""
