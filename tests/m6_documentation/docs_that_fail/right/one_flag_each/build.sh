status=0
python -m sphinx -b html -n -W -d /tmp/trees docs public || status=1
for builder in doctest linkcheck coverage; do
  python -m sphinx -b $builder -d /tmp/trees docs build/$builder || status=$?
done
# What the coverage builder found stands in a file, and in no exit code.
if grep -q "^ \* " build/coverage/python.txt; then
  cat build/coverage/python.txt
  status=1
fi
exit $status
