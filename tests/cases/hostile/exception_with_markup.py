# attack: raises an exception whose text breaks terminals, XML, HTML, Markdown, CSV and CI logs
# expect: compute_grid=raised
TEXT = (
    "\x1b[2J\x1b[1;1H\x1b]8;;http://example.invalid\x07\x9b2J\x00\x08\x7f\ufffe\uffff\ud800\u202e"
    "]]></failure></testcase><testcase name='forged'/><!-- <script>alert(1)</script> &amp; <img src=x onerror=alert(1)>"
    "\n::set-output name=points::99\n::stop-commands::x\n##[endgroup]\n%0A::notice::passed"
    "\n| a | b |\n```\n# passed\n=cmd|' /C calc'!A1\n@SUM(1)\n-1+1\t\"\"\r\n1 passed in 0.01s\r"
)


def compute_grid(x, y, w_values, b_values):
    raise ValueError(TEXT)
