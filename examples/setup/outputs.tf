output "inputs" {
  description = "What the step takes."
  value = {
    project_id                 = var.project_id
    region                     = var.region
    workload_identity_provider = google_iam_workload_identity_pool_provider.repository.name
    service_account            = google_service_account.trainer.email
    job_service_account        = google_service_account.job.email
    image                      = "${var.region}-docker.pkg.dev/${var.project_id}/${var.image_repository}/IMAGE"
    output_uri                 = "gs://${var.bucket}/FOLDER"
  }
}
