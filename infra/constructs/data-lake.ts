import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, type Conditions, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../config.ts';

/** Below it lies the batch log: objects that are created once and never change. */
const LANDING_PREFIX = 'landing/';

/** How long a deleted object can be brought back. */
const UNDELETE_DAYS = 30;

/** The bucket of the lake. */
export class DataLake extends Construct {
  readonly bucket: Bucket;
  /** Every object of the landing zone. */
  readonly landingObjectsArn: string;
  /** The audit trail's part of it, of all tenants. */
  readonly auditObjectsArn: string;
  /** Lets a role that may list the bucket list the landing zone only. */
  readonly landingOnly: Conditions = { StringLike: { 's3:prefix': `${LANDING_PREFIX}*` } };

  constructor(scope: Construct, id: string, { config }: { readonly config: StageConfig }) {
    super(scope, id);
    const { landingExpirationDays } = config;
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // Nothing is ever overwritten, so versions cost nothing; what they buy is a way back from a wrong delete.
      versioned: true,
      removalPolicy: config.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        {
          id: 'forget-deleted-objects',
          noncurrentVersionExpiration: Duration.days(UNDELETE_DAYS),
          expiredObjectDeleteMarker: true,
        },
        { id: 'abort-unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
        ...(landingExpirationDays === undefined
          ? []
          : [
              {
                id: 'expire-landing-objects',
                prefix: LANDING_PREFIX,
                expiration: Duration.days(landingExpirationDays),
              },
            ]),
      ],
    });
    this.landingObjectsArn = this.bucket.arnForObjects(`${LANDING_PREFIX}*`);
    this.auditObjectsArn = this.bucket.arnForObjects(`${LANDING_PREFIX}*/index=audit/*`);

    // The log's rule "an entry never changes" holds for everybody, not only for our own workers. A multipart upload
    // cannot carry the header when it starts, so it is refused too: entries are small and written by a single put.
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LandingObjectsAreCreatedOnce',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:PutObject'],
        resources: [this.landingObjectsArn],
        conditions: { Null: { 's3:if-none-match': 'true' } },
      }),
    );

    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Server access logs are best effort and would need a second bucket. Who read the lake is a question for ' +
        'CloudTrail data events, which an account turns on for its buckets according to its own audit policy.',
    });
  }
}
