"""What the tests of docs/migration.md ask Google's SDK for Python. Prints JSON; nothing is sent anywhere."""

import inspect
import json
import sys

import google.auth
from google.auth.credentials import AnonymousCredentials

google.auth.default = lambda *_, **__: (AnonymousCredentials(), "my-project")

from google.cloud import aiplatform
from google.cloud.aiplatform import initializer


def arguments_of(name):
    """The arguments of a class, of one of its methods or of a function, by its name in the package."""
    found = aiplatform
    for part in name.split("."):
        found = getattr(found, part)
    return list(inspect.signature(found).parameters)


class Recorder:
    """Stands in for every client: the first job that it is asked to create ends the program."""

    def __getattr__(self, method):
        def call(**given):
            job = next(value for name, value in given.items() if name.endswith("_job"))
            text = type(job).to_json(job, including_default_value_fields=False, use_integers_for_enums=False)
            # The last line: the SDK tells of its own what it does.
            print(json.dumps(json.loads(text)))
            sys.exit(0)

        if method.startswith("create_"):
            return call
        raise AttributeError(method)


if sys.argv[1] == "arguments":
    print(json.dumps({name: arguments_of(name) for name in sys.argv[2:]}))
else:
    initializer.global_config.create_client = lambda *_, **__: Recorder()
    exec(compile(sys.stdin.read(), "docs/migration.md", "exec"), {"__name__": "__main__"})
