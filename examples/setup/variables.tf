variable "project_id" {
  description = "Id of the Google Cloud project that trains."
  type        = string
}

variable "region" {
  description = "Region of the image repository and the bucket. Jobs may run in others too; those pay for traffic between regions."
  type        = string
  default     = "us-central1"
}

variable "github_repository_id" {
  description = "Number of the GitHub repository whose workflows may sign in: gh api repos/OWNER/REPOSITORY --jq .id. A number cannot be taken over by whoever gets a deleted repository's name."
  type        = string

  validation {
    condition     = can(regex("^[1-9][0-9]*$", var.github_repository_id))
    error_message = "Give the repository's number, as 'gh api repos/OWNER/REPOSITORY --jq .id' prints it, not its name."
  }
}

variable "github_ref" {
  description = "The only Git ref whose workflows may sign in, such as refs/heads/main; null lets every branch, tag and pull request of the repository itself sign in."
  type        = string
  default     = "refs/heads/main"
}

variable "image_repository" {
  description = "Name of the Artifact Registry repository that is made for the images."
  type        = string
  default     = "training"
}

variable "bucket" {
  description = "Name of the bucket that is made for what jobs write; names are unique in all of Google Cloud."
  type        = string
}

variable "pool" {
  description = "Id of the workload identity pool that is made."
  type        = string
  default     = "github"
}
