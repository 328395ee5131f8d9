"""It is not packed at all."""


def build(folder):
    path = folder / "handed-in.tar.gz"
    path.write_text("def toll(axles): ...")
    return path
