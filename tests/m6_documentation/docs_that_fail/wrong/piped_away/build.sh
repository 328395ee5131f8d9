#!/bin/sh
# Builds the site into public/, or fails.
set -eu

for builder in html doctest coverage linkcheck; do
    out=.build/$builder
    [ $builder = html ] && out=public
    sphinx-build -W -q -b $builder docs $out | tee $builder.log
done
