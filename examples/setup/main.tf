resource "google_project_service" "this" {
  for_each = toset([
    "aiplatform.googleapis.com",
    "artifactregistry.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "storage.googleapis.com",
    "sts.googleapis.com",
  ])

  project            = var.project_id
  service            = each.value
  disable_on_destroy = false
}

resource "google_artifact_registry_repository" "images" {
  project       = var.project_id
  location      = var.region
  repository_id = var.image_repository
  format        = "DOCKER"

  depends_on = [google_project_service.this]
}

# Federated identities are refused by buckets with access lists of their own.
resource "google_storage_bucket" "output" {
  project                     = var.project_id
  name                        = var.bucket
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  depends_on = [google_project_service.this]
}

# The account that the workflow signs in as.
resource "google_service_account" "trainer" {
  project      = var.project_id
  account_id   = "trainer"
  display_name = "GitHub workflows that train"

  depends_on = [google_project_service.this]
}

# The account that the training program runs as: it has no right to make jobs.
resource "google_service_account" "job" {
  project      = var.project_id
  account_id   = "training-job"
  display_name = "Training programs"

  depends_on = [google_project_service.this]
}

resource "google_iam_workload_identity_pool" "github" {
  project                   = var.project_id
  workload_identity_pool_id = var.pool

  depends_on = [google_project_service.this]
}

resource "google_iam_workload_identity_pool_provider" "repository" {
  project                            = var.project_id
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "repo"

  attribute_mapping = {
    "google.subject"          = "assertion.sub"
    "attribute.repository_id" = "assertion.repository_id"
    "attribute.ref"           = "assertion.ref"
  }
  attribute_condition = join(" && ", compact([
    "assertion.repository_id == '${var.github_repository_id}'",
    var.github_ref == null ? "" : "assertion.ref == '${var.github_ref}'",
  ]))

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account_iam_member" "workflow_is_trainer" {
  service_account_id = google_service_account.trainer.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.repository_id/${var.github_repository_id}"
}

resource "google_project_iam_member" "trainer" {
  for_each = toset([
    "roles/aiplatform.user",
    "roles/logging.viewer",
  ])

  project = var.project_id
  role    = each.value
  member  = google_service_account.trainer.member
}

resource "google_artifact_registry_repository_iam_member" "trainer_pushes" {
  project    = var.project_id
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.trainer.member
}

# The second role lets the step see where the bucket lies, before a job runs far from it.
resource "google_storage_bucket_iam_member" "trainer_reads" {
  for_each = toset([
    "roles/storage.objectViewer",
    "roles/storage.legacyBucketReader",
  ])

  bucket = google_storage_bucket.output.name
  role   = each.value
  member = google_service_account.trainer.member
}

resource "google_service_account_iam_member" "trainer_runs_job" {
  service_account_id = google_service_account.job.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.trainer.member
}

# Without it the program's output is lost.
resource "google_project_iam_member" "job_logs" {
  project = var.project_id
  role    = "roles/logging.logWriter"
  member  = google_service_account.job.member
}

resource "google_storage_bucket_iam_member" "job_writes" {
  bucket = google_storage_bucket.output.name
  role   = "roles/storage.objectUser"
  member = google_service_account.job.member
}
