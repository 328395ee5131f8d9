"""The page: the same graders in a browser, and what builds the packs that it loads."""
