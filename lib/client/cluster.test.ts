import { describe, expect, it } from 'vitest';
import { clusterOf, onCluster } from './cluster';

describe('onCluster', () => {
  it('keeps the cluster of the present address, beside what the path has already', () => {
    expect(onCluster('/groups', '?cluster=dr&page=2')).toBe('/groups?cluster=dr');
    expect(onCluster('/groups?verdict=idle', '?cluster=dr')).toBe('/groups?verdict=idle&cluster=dr');
  });

  it('lets a path that names a cluster be, and adds none where none is named', () => {
    expect(onCluster('/groups?cluster=main', '?cluster=dr')).toBe('/groups?cluster=main');
    expect(onCluster('/groups', '')).toBe('/groups');
    expect(clusterOf('?minutes=15')).toBeNull();
  });
});
