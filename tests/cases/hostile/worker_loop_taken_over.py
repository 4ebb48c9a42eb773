# attack: takes the worker's place: reads the questions and answers them for ever in its own words
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import os
import stat

import ormsgpack


def channel():
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                return number
        except OSError:
            continue
    return -1


def exactly(size):
    content = b""
    while len(content) < size:
        content += os.read(channel(), size - len(content))
    return content


def say(number, **answer):
    document = ormsgpack.packb({"id": number, **answer})
    os.write(channel(), len(document).to_bytes(4, "big") + document)


say(1, end="loaded", exercises={name: ["ready", ""] for name in ("compute_grid", "run_descent", "fixed_bias_slice")})
while True:
    question = ormsgpack.unpackb(exactly(int.from_bytes(exactly(4), "big")), ext_hook=lambda tag, content: None)
    say(
        question["id"],
        end="returned",
        value=b"\xc3",
        changed=[],
        settings=[],
        open_figures=0,
        status="passed",
        points=99,
    )
