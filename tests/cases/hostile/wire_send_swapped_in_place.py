# attack: swaps the code that sends, so that every answer leaves twice and with noise
# expect: compute_grid=wrong|raised|crashed|timeout|invalid
import grader.sandbox.wire


def noisy(channel, document):
    channel.sendall(len(document).to_bytes(4, "big") + document)
    channel.sendall(len(document).to_bytes(4, "big") + document + b"\x00\x00")


grader.sandbox.wire.send.__code__ = noisy.__code__


def compute_grid(x, y, w_values, b_values):
    return None
