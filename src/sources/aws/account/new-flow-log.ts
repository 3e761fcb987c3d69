import { RECOMMENDED_FORMAT } from './useful-fields.ts';

/** Most resources that one call takes. */
const MOST_RESOURCES = 25;

/**
 * Commands of the AWS command line that make flow logs of VPCs, or of transit gateways, of one region.
 *
 * @param bucketArn where to, with a prefix if any
 */
export function createCommands(
  region: string,
  resources: readonly string[],
  bucketArn: string,
  type: 'VPC' | 'TransitGateway' = 'VPC',
): readonly string[] {
  const commands: string[] = [];
  for (let i = 0; i < resources.length; i += MOST_RESOURCES)
    commands.push(
      [
        `aws ec2 create-flow-logs --region ${quoted(region)}`,
        `--resource-type ${type} --resource-ids ${resources
          .slice(i, i + MOST_RESOURCES)
          .map(quoted)
          .join(' ')}`,
        // Of transit gateways all is logged, and AWS's own format has all fields.
        `${type === 'VPC' ? '--traffic-type ALL ' : ''}--max-aggregation-interval 60`,
        `--log-destination-type s3 --log-destination ${quoted(bucketArn)}`,
        `--destination-options FileFormat=plain-text,HiveCompatiblePartitions=false,PerHourPartition=true`,
        ...(type === 'VPC' ? [`--log-format ${quoted(RECOMMENDED_FORMAT)}`] : []),
      ].join(' \\\n  '),
    );
  return commands;
}

/** A word for a shell, whatever it holds. */
export function quoted(word: string): string {
  return /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * A CloudFormation template: a bucket that only AWS's log delivery may write to, and a flow log of a VPC into it.
 *
 * https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html,
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ec2-flowlog.html
 */
export function flowLogTemplate(): string {
  return `AWSTemplateFormatVersion: '2010-09-09'
Description: A VPC flow log with the fields that Peephole can use, and the bucket that it is written to

Parameters:
  VpcId:
    Type: AWS::EC2::VPC::Id
    Description: The VPC to log
  FileFormat:
    Type: String
    Default: plain-text
    AllowedValues: [plain-text, parquet]
    Description: Peephole reads both; AWS charges for the conversion to Parquet
  KeepDays:
    Type: Number
    Default: 90
    MinValue: 1
    Description: Days after which objects are deleted

Resources:
  Bucket:
    Type: AWS::S3::Bucket
    # It holds logs: it is not deleted with the stack.
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
      BucketEncryption:
        ServerSideEncryptionConfiguration:
          - ServerSideEncryptionByDefault:
              SSEAlgorithm: AES256
      LifecycleConfiguration:
        Rules:
          - Id: expire
            Status: Enabled
            ExpirationInDays: !Ref KeepDays

  BucketPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Bucket
      PolicyDocument:
        Version: '2012-10-17'
        Statement:
          - Sid: AWSLogDeliveryWrite
            Effect: Allow
            Principal:
              Service: delivery.logs.amazonaws.com
            Action: s3:PutObject
            Resource: !Sub '\${Bucket.Arn}/AWSLogs/\${AWS::AccountId}/*'
            Condition:
              StringEquals:
                aws:SourceAccount: !Ref AWS::AccountId
                s3:x-amz-acl: bucket-owner-full-control
              ArnLike:
                aws:SourceArn: !Sub 'arn:\${AWS::Partition}:logs:*:\${AWS::AccountId}:*'
          - Sid: AWSLogDeliveryAclCheck
            Effect: Allow
            Principal:
              Service: delivery.logs.amazonaws.com
            Action: [s3:GetBucketAcl, s3:ListBucket]
            Resource: !GetAtt Bucket.Arn
            Condition:
              StringEquals:
                aws:SourceAccount: !Ref AWS::AccountId
              ArnLike:
                aws:SourceArn: !Sub 'arn:\${AWS::Partition}:logs:*:\${AWS::AccountId}:*'

  FlowLog:
    Type: AWS::EC2::FlowLog
    DependsOn: BucketPolicy
    Properties:
      ResourceType: VPC
      ResourceId: !Ref VpcId
      TrafficType: ALL
      MaxAggregationInterval: 60
      LogDestinationType: s3
      LogDestination: !GetAtt Bucket.Arn
      LogFormat: '${RECOMMENDED_FORMAT}'
      DestinationOptions:
        FileFormat: !Ref FileFormat
        HiveCompatiblePartitions: false
        PerHourPartition: true

Outputs:
  Source:
    Description: What Peephole reads
    Value: !Sub 's3://\${Bucket}'
`;
}
