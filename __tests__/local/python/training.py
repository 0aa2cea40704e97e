"""Google's SDK for Vertex AI as its users write it, against the service at argv[1]; prints what it finds as JSON."""

import json
import sys

from google.cloud import aiplatform
from google.cloud.aiplatform import hyperparameter_tuning
from google.oauth2.credentials import Credentials

endpoint, image = sys.argv[1:]
aiplatform.init(
    project="my-project",
    location="us-central1",
    api_endpoint=endpoint,
    api_transport="rest",
    credentials=Credentials(token="any-word"),
    staging_bucket="gs://staging",
)


def pools(script):
    container = {"image_uri": image, "command": ["sh", "-c"], "args": [script, "sh"]}
    return [{"machine_spec": {"machine_type": "n1-standard-4"}, "replica_count": 1, "container_spec": container}]


REPORT = (
    'echo "{\\"accuracy\\": \\"0.5\\", \\"global_step\\": \\"3\\", \\"timestamp\\": 1}" > $CLOUD_ML_HP_METRIC_FILE; '
    "echo $@"
)

custom = aiplatform.CustomJob(display_name="custom", worker_pool_specs=pools("echo hello"), labels={"team": "vision"})
failing = aiplatform.CustomJob(display_name="failing", worker_pool_specs=pools("echo so it ends >&2; exit 3"))
tuning = aiplatform.HyperparameterTuningJob(
    display_name="tuned",
    custom_job=aiplatform.CustomJob(display_name="trial", worker_pool_specs=pools(REPORT)),
    metric_spec={"accuracy": "maximize"},
    parameter_spec={
        "rate": hyperparameter_tuning.DoubleParameterSpec(min=0.001, max=0.1, scale="log"),
        "layers": hyperparameter_tuning.IntegerParameterSpec(min=1, max=4, scale="linear"),
        "kind": hyperparameter_tuning.CategoricalParameterSpec(values=["small", "large"]),
        "batch": hyperparameter_tuning.DiscreteParameterSpec(values=[8, 16, 32], scale="linear"),
    },
    max_trial_count=3,
    parallel_trial_count=3,
)
training = aiplatform.CustomContainerTrainingJob(
    display_name="trained",
    container_uri=image,
    command=["sh", "-c", "dir=/gcs/${AIP_MODEL_DIR#gs://}; mkdir -p $dir; echo weights > $dir/model.bin"],
    model_serving_container_image_uri=image,
)

# Side by side, since the SDK looks every five seconds only.
tuning.run(sync=False)
model = training.run(model_display_name="from-sdk", base_output_dir="gs://staging/run", sync=False)
failing.run(sync=False)
custom.run()
tuning.wait()
model.wait()
try:
    failing.wait()
    refused = None
except RuntimeError as error:
    refused = str(error)

again = aiplatform.CustomJob.get(custom.resource_name)
found = {
    "custom": {"name": custom.resource_name, "state": custom.state.name, "labels": dict(again.labels)},
    "failing": {"state": failing.state.name, "error": refused},
    "listed": [job.display_name for job in aiplatform.CustomJob.list(filter='display_name="custom"')],
    "tuning": {
        "state": tuning.state.name,
        "trials": [
            {
                "id": trial.id,
                "state": trial.state.name,
                "parameters": {parameter.parameter_id: parameter.value for parameter in trial.parameters},
                "metrics": [[metric.metric_id, metric.value] for metric in trial.final_measurement.metrics],
                "step": trial.final_measurement.step_count,
            }
            for trial in tuning.trials
        ],
    },
    "training": {"state": training.state.name, "backing": training._gca_resource.training_task_metadata["backingCustomJob"]},
    "model": {
        "name": model.resource_name,
        "displayName": model.display_name,
        "uri": model.uri,
        "version": model.version_id,
        "aliases": list(model.version_aliases),
        "listed": [one.display_name for one in aiplatform.Model.list(filter='display_name="from-sdk"')],
    },
}
custom.delete()
found["afterDelete"] = [job.display_name for job in aiplatform.CustomJob.list(filter='display_name="custom"')]
print("\n" + json.dumps(found))
