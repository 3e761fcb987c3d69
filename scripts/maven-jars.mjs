// Servers of tests that Maven Central has: their jars with those that they need, below node_modules/.cache, by version.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './steps.mjs';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:2.8:copy-dependencies';

/** Does `java` of the PATH run, and is it of that release or later? */
export function hasJava(release) {
  const { status, stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const [, major] = /version "(\d+)/.exec(stderr ?? '') ?? [];
  return status === 0 && Number(major) >= release;
}

/** Does `mvn` of the PATH run? */
export function hasMaven() {
  return spawnSync('mvn', ['--version'], shellOnWindows).status === 0;
}

/** There `mvn` is a batch file. */
const shellOnWindows = { shell: process.platform === 'win32' };

/**
 * Installs jars unless they are there, and gives their folder.
 *
 * @param name of the folder, such as `kafka-4.1.1`: it says the versions
 * @param artifacts `group:artifact:version`; what they need at run time comes with them
 * @param without `group:artifact` of what is not fetched with them
 * @throws Error that says why they can't be had
 */
export function installFromMaven(name, artifacts, without = []) {
  const home = cacheFolder(name);
  if (existsSync(home)) return home;
  // Made under another name: an installation that was interrupted is never taken for whole.
  const part = `${home}.${process.pid}`;
  mkdirSync(part, { recursive: true });
  try {
    writeFileSync(join(part, 'pom.xml'), projectOf(artifacts, without));
    const { status, stdout, error } = spawnSync(
      'mvn',
      ['--batch-mode', '--quiet', COPY, '-DincludeScope=runtime', '-DoutputDirectory=jars'],
      { cwd: part, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...shellOnWindows },
    );
    if (status !== 0)
      throw new Error(`Maven can't get ${artifacts.join(', ')}: ${error ?? stdout.slice(-600)}`);
    renameSync(join(part, 'jars'), home);
    return home;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

function projectOf(artifacts, without) {
  const excluded = without.map((artifact) => {
    const [group, name] = artifact.split(':');
    return `<exclusion><groupId>${group}</groupId><artifactId>${name}</artifactId></exclusion>`;
  });
  const exclusions = excluded.length === 0 ? '' : `<exclusions>${excluded.join('')}</exclusions>`;
  const dependencies = artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version>${exclusions}</dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>peephole</groupId><artifactId>servers</artifactId><version>1</version>
<packaging>pom</packaging><dependencies>${dependencies.join('')}</dependencies></project>
`;
}
