import {
  AclPermissionTypes,
  ResourcePatternTypes,
  type AclOperationTypes,
  type AclResourceTypes,
  type Admin,
} from 'kafkajs';
import type { TestUser } from './test-users';

/** Lets a user do something with everything whose name begins so, or with all of a kind where it is `*`. */
export function grant(
  admin: Admin,
  user: TestUser | (string & {}),
  resourceType: AclResourceTypes,
  resourceName: string,
  operation: AclOperationTypes,
): Promise<boolean> {
  return admin.createAcls({
    acl: [
      {
        resourceType,
        resourceName,
        resourcePatternType:
          resourceName === '*' ? ResourcePatternTypes.LITERAL : ResourcePatternTypes.PREFIXED,
        principal: `User:${user}`,
        host: '*',
        operation,
        permissionType: AclPermissionTypes.ALLOW,
      },
    ],
  });
}
