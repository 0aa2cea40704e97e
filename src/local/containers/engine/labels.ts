/** Marks the containers and networks of one running service. */
export const SERVICE_LABEL = 'train-on-vertex.service';
/** Holds the job's id. */
export const JOB_LABEL = 'train-on-vertex.job';
/** Holds the replica's name, `workerpool0-0`. */
export const REPLICA_LABEL = 'train-on-vertex.replica';
/** Marks a network in which the service chose the replicas' addresses. */
export const ADDRESSES_LABEL = 'train-on-vertex.addresses';
