"""What the lesson on the supply chain says of packages, of an artifact and of a policy.

`policy` and `gitlab_report` are the scripts of Causeway's own pipeline.
"""

from workbook.course import ROOT

__path__.append(str(ROOT / "solutions/my-devops-project/scripts"))
