"""Reads lines "KIND NUMBER" and prints for each whether python3-stdnum takes the number: 1 or 0."""
import sys

from stdnum import imei, luhn
from stdnum.cn import ric, uscc
from stdnum.iso7064 import mod_11_2

CHECKS = {"resident_id": ric, "uscc": uscc, "luhn": luhn, "imei": imei, "mod11_2": mod_11_2}

with open(sys.argv[1], encoding="ascii") as lines:
    for line in lines:
        kind, number = line.split()
        print(int(CHECKS[kind].is_valid(number)))
