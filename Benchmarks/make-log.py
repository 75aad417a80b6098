"""Writes made-up lines like those of a Message Processor's system.log: make-log.py MEGABYTES"""

import datetime
import random
import sys

dice = random.Random(5)
levels = ["INFO", "WARN", "ERROR", "DEBUG"]
loggers = ["HTTP.CLIENT", "HTTP.SERVER", "MESSAGING.FLOW", "POLICY.OAUTHV2", "CACHE", "ANALYTICS", "CONFIG-CHANGE"]
methods = ["onTimeout", "onSSLHandShake", "sendRequest", "invoke", "handle", "lookup", "put", "run"]
apis = ["orders", "payments", "customers", "inventory", "login", "search", "shipping"]
words = (
    "connection closed by peer request timed out while reading response body target endpoint default proxy handshake "
    "completed successfully policy executed token validated cache miss populated key from store backend returned status"
).split()
left = int(sys.argv[1]) << 20
now = datetime.datetime(2026, 11, 23, 10, 0, 0)
while left > 0:
    now += datetime.timedelta(milliseconds=dice.randint(0, 40))
    message = "rrt%06x-%d-%d-%d" % (
        dice.getrandbits(24), dice.randint(10000, 30000), dice.randint(1000000, 9999999), dice.randint(1, 40))
    line = "%s,%03d  org:acme env:prod api:%s rev:%d messageid:%s  NIOThread@%d %s %s - %s.%s() : %s 10.%d.%d.%d:%d %d ms\n" % (
        now.strftime("%Y-%m-%d %H:%M:%S"), now.microsecond // 1000, dice.choice(apis), dice.randint(1, 30), message,
        dice.randint(0, 31), dice.choice(levels), dice.choice(loggers),
        "ClientChannel" if dice.random() < 0.5 else "ServerChannel", dice.choice(methods),
        " ".join(dice.choices(words, k=dice.randint(3, 14))), dice.randint(0, 3), dice.randint(0, 20),
        dice.randint(1, 254), dice.choice([443, 8443, 9001, 8080]), dice.randint(1, 900))
    if dice.random() < 0.02:
        line += "com.apigee.errors.http.server.GatewayTimeoutException: timed out\n" + "".join(
            "\tat com.apigee.%s.%s(%s.java:%d)\n" % (
                dice.choice(["adaptors.http", "messaging.runtime", "kernel.nio"]), dice.choice(methods),
                dice.choice(["Flow", "Channel", "Selector"]), dice.randint(10, 999))
            for _ in range(dice.randint(5, 25)))
    sys.stdout.write(line)
    left -= len(line)
