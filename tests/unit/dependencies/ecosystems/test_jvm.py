"""Maven, Gradle and sbt: every form, whole results."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.jvm import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, read_lock


def manifest(path: str, content: str | bytes) -> Manifest:
    return read(READER, path, content if isinstance(content, bytes) else content.encode())


def shown(path: str, content: str) -> list[tuple[str, str, str, int]]:
    """name, version, scope, line: sorted."""
    return sorted((d.name, d.version, d.scope, d.line) for d in manifest(path, content).names.values())


def table(*declared: Declared) -> dict[str, Declared]:
    return {each.name: each for each in declared}


def place(path: str, line: int) -> Declared:
    return Declared(path, "", "path", line=line, origin=path)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("pom.xml", True), ("a/pom.xml", True), ("a/my-pom.xml", False), ("a/web.xml", False),
        (".mvn/extensions.xml", True), ("build.gradle", True), ("a/build.gradle.kts", True),
        ("gradle/publish.gradle", True), ("settings.gradle.kts", True), ("gradle/libs.versions.toml", True),
        ("pyproject.toml", False), ("build.sbt", True), ("project/plugins.sbt", True),
        ("project/Dependencies.scala", True), ("a/project/Build.scala", True), ("src/project/x/Main.scala", False),
        ("src/Main.kt", False), ("buildSrc/src/main/kotlin/Deps.kt", True), ("build-logic/a/Deps.kt", True),
        ("buildSrc/src/main/java/D.java", True),
        ("build.mill", True), ("gradle.lockfile", False), ("gradle.properties", False),
    ],
)  # fmt: skip
def test_which_files_are_read(path: str, expected: bool) -> None:
    assert READER.is_manifest(path) is expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("gradle.lockfile", True), ("a/buildscript-gradle.lockfile", True), ("settings-gradle.lockfile", True),
        ("gradle/dependency-locks/compileClasspath.lockfile", True), ("x.lockfile", False), ("build.gradle", False),
    ],
)  # fmt: skip
def test_which_files_are_locks(path: str, expected: bool) -> None:
    assert READER.is_lock(path) is expected


POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>org.acme</groupId>
    <artifactId>parent</artifactId>
    <version>7</version>
  </parent>
  <artifactId>app</artifactId>
  <properties>
    <jackson.version>2.${minor}</jackson.version>
    <minor>17</minor>
    <circle>${circle}</circle>
    <scala.binary.version>2.13</scala.binary.version>
  </properties>
  <modules><module>core</module></modules>
  <dependencyManagement><dependencies>
    <dependency>
      <groupId>org.springframework.boot</groupId><artifactId>spring-boot-dependencies</artifactId>
      <version>3.2.0</version><type>pom</type><scope>import</scope>
    </dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13</version><scope>test</scope></dependency>
    <dependency><groupId>xml-apis</groupId><artifactId>xml-apis-ext</artifactId><version>1.3.04</version></dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>com.fasterxml.jackson.core</groupId>
      <artifactId>jackson-databind</artifactId>
      <version>${jackson.version}</version>
      <exclusions><exclusion><groupId>a</groupId><artifactId>b</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId></dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>core</artifactId><version>${project.version}</version></dependency>
    <dependency><groupId>org.apache.spark</groupId><artifactId>spark-core_${scala.binary.version}</artifactId></dependency>
    <dependency><groupId>g</groupId><artifactId>a-${unknown}</artifactId><version>${circle}</version></dependency>
    <dependency><groupId>g</groupId><artifactId>opt</artifactId><version>1-SNAPSHOT</version><optional>true</optional></dependency>
    <dependency>
      <groupId>com.sun</groupId><artifactId>tools</artifactId><version>1</version>
      <scope>system</scope><systemPath>${basedir}/lib/tools.jar</systemPath>
    </dependency>
  </dependencies>
  <repositories>
    <repository><id>central</id><url>https://repo.maven.apache.org/maven2/</url></repository>
    <repository><id>x</id><url>https://user:secret@repo.example.org/m2/</url></repository>
  </repositories>
  <build>
    <extensions><extension><groupId>os</groupId><artifactId>ext</artifactId><version>1</version></extension></extensions>
    <pluginManagement><plugins>
      <plugin><artifactId>maven-jar-plugin</artifactId><version>3.3</version></plugin>
    </plugins></pluginManagement>
    <plugins>
      <plugin><artifactId>maven-jar-plugin</artifactId></plugin>
      <plugin>
        <artifactId>maven-compiler-plugin</artifactId>
        <configuration><annotationProcessorPaths>
          <path><groupId>org.mapstruct</groupId><artifactId>mapstruct-processor</artifactId><version>1.5</version></path>
        </annotationProcessorPaths></configuration>
        <dependencies><dependency><groupId>p</groupId><artifactId>q</artifactId></dependency></dependencies>
      </plugin>
    </plugins>
  </build>
  <profiles><profile>
    <dependencies><dependency><groupId>g</groupId><artifactId>of-a-profile</artifactId></dependency></dependencies>
  </profile></profiles>
</project>
"""


def test_pom() -> None:
    maven = "org.apache.maven.plugins"
    assert manifest("pom.xml", POM) == Manifest(
        names=table(
            Declared("org.acme:parent", "7", line=4),
            Declared("com.fasterxml.jackson.core:jackson-databind", "2.17", line=26),
            Declared("junit:junit", "4.13", scope="development", line=30),
            Declared("org.acme:core", "7", line=31),
            Declared("org.apache.spark:spark-core", line=32),
            Declared("g:a-${unknown}", "${circle}", line=33),
            Declared("g:opt", "1-SNAPSHOT", scope="optional", line=34),
            Declared("g:of-a-profile", line=61),
            Declared("org.springframework.boot:spring-boot-dependencies", "3.2.0", scope="build", line=17),
            Declared(f"{maven}:maven-jar-plugin", "3.3", scope="build", line=50),
            Declared(f"{maven}:maven-compiler-plugin", scope="build", line=52),
            Declared("os:ext", "1", scope="build", line=45),
            Declared("p:q", scope="build", line=56),
            Declared("org.mapstruct:mapstruct-processor", "1.5", scope="build", line=54),
        ),
        own=frozenset({"org.acme:app"}),
        local=table(
            Declared("com.sun:tools", "1", "path", line=36, origin="${basedir}/lib/tools.jar"), place("core", 14)
        ),
        indexes={"https://repo.example.org/m2": 42},
        pins=table(
            Declared("junit:junit", "4.13", scope="development", line=20),
            Declared("xml-apis:xml-apis-ext", "1.3.04", line=21),
            Declared(f"{maven}:maven-jar-plugin", "3.3", scope="build", line=47),
        ),
    )


def test_extensions_of_maven() -> None:
    content = "<extensions><extension><groupId>g</groupId>\n<artifactId>a</artifactId></extension></extensions>"
    assert manifest(".mvn/extensions.xml", content) == Manifest(table(Declared("g:a", scope="build", line=2)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<a/>", "it is not a Maven project"),
        ("<project><dependencies>\n<dependency><groupId>g</groupId></dependency></dependencies></project>",
         "an artifact has no name (line 2)"),
        ("<!DOCTYPE project [<!ENTITY a 'b'>]><project/>", "it has a DTD"),
    ],
)  # fmt: skip
def test_unreadable_poms(content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        manifest("pom.xml", content)
    assert error.value.reason == reason


def test_properties_of_properties_do_not_grow() -> None:
    rows = "".join(f"<p{number}>${{p{number + 1}}}${{p{number + 1}}}</p{number}>" for number in range(30))
    dependency = "<dependency><groupId>g</groupId><artifactId>a</artifactId><version>${p0}</version></dependency>"
    content = f"<project><properties>{rows}</properties><dependencies>{dependency}</dependencies></project>"
    assert len(manifest("pom.xml", content).names["g:a"].version) < 1_000


GROOVY = """\
buildscript {
    ext.kotlin_version = '1.9.0'
    repositories { google(); mavenCentral(); maven { url "https://plugins.gradle.org/m2/" } }
    dependencies { classpath "org.jetbrains.kotlin:kotlin-gradle-plugin:$kotlin_version" }
}
plugins {
    id 'java-library'
    id "org.springframework.boot" version "3.2.0" apply false
    alias(libs.plugins.detekt)
}
apply plugin: 'maven-publish'
apply from: "https://example.org/ci.gradle"
apply from: "gradle/local.gradle"
group = 'org.acme'
archivesBaseName = "app"
/* implementation "old:comment:1" */
ext.libs2 = [guava: 'com.google.guava:guava:33.0-jre', time: '12:30:45']
def pattern = ~/"unclosed:[a-z]/
repositories {
    maven { url = uri("https://repo.example.org/releases"); credentials { password "p://x" } }
    maven { url "${rootProject.projectDir}/repo" }
    maven { url repositoryAddress() }
}
configurations.all {
    resolutionStrategy {
        force 'commons-io:commons-io:2.7'
        dependencySubstitution {
            substitute module("a:b") using module("c:d:1")
            substitute(module("a:own")).using(project(":own"))
        }
    }
    exclude group: 'commons-logging', module: 'commons-logging'
}
dependencies {
    implementation platform('org.springframework.boot:spring-boot-dependencies:3.2.0')
    implementation 'com.squareup.okhttp3:okhttp:4.12.0', "com.squareup.okio:okio:${versions.okio}"
    implementation('xml-apis:xml-apis-ext:1.3.04') {
        exclude group: 'x', module: 'y'
        because 'of:the:1 weather'
    }
    api group: 'org.acme', name: 'other', version: '1.0-SNAPSHOT', classifier: 'all'
    compileOnly([group: 'g', name: 'in-list', version: '2'])
    runtimeOnly 'net.java.dev:native:1:linux@so'
    testImplementation "junit:junit:4.13"
    androidTestImplementation 'androidx.test:core:1'
    annotationProcessor 'org.projectlombok:lombok:1.18.30'
    implementation project(':core')
    implementation project(path: ':lib', configuration: 'shadow')
    implementation fileTree(dir: 'libs', include: ['*.jar'])
    implementation libs.retrofit
    implementation Deps.unknown
    implementation sourceSets.main.output
    implementation libs2.guava
    if (project.hasProperty('x')) { implementation 'g:conditional:1' }
    constraints { implementation('g:pinned:9') }
    add('implementation', 'g:added:3')
    implementation 'g:concatenated:' + kotlin_version
}
publishing { repositories { maven { url "https://upload.example.org" } } }
protobuf { protoc { artifact = 'com.google.protobuf:protoc:3.25.0' } }
"""


def test_gradle_in_groovy() -> None:
    assert manifest("build.gradle", GROOVY) == Manifest(
        names=table(
            Declared("org.jetbrains.kotlin:kotlin-gradle-plugin", "1.9.0", scope="build", line=4),
            Declared("org.springframework.boot", "3.2.0", scope="build", line=8),
            Declared(
                "https://example.org/ci.gradle", "", "url", "build", line=12, origin="https://example.org/ci.gradle"
            ),
            Declared("com.google.guava:guava", "33.0-jre", line=17),
            Declared("org.springframework.boot:spring-boot-dependencies", "3.2.0", scope="build", line=35),
            Declared("com.squareup.okhttp3:okhttp", "4.12.0", line=36),
            Declared("com.squareup.okio:okio", "${versions.okio}", line=36),
            Declared("xml-apis:xml-apis-ext", "1.3.04", line=37),
            Declared("org.acme:other", "1.0-SNAPSHOT", line=41),
            Declared("g:in-list", "2", line=42),
            Declared("net.java.dev:native", "1", line=43),
            Declared("junit:junit", "4.13", scope="development", line=44),
            Declared("androidx.test:core", "1", scope="development", line=45),
            Declared("org.projectlombok:lombok", "1.18.30", scope="build", line=46),
            Declared("g:conditional", "1", line=54),
            Declared("g:added", "3", line=56),
            Declared("g:concatenated", "1.9.0", line=57),
            Declared("com.google.protobuf:protoc", "3.25.0", scope="build", line=60),
        ),
        own=frozenset({"org.acme:app"}),
        dynamic=frozenset({"Deps . unknown", "url repositoryAddress ( )"}),
        local=table(place(":core", 47), place(":lib", 48), place("libs", 49), place("*.jar", 49)),
        indexes={"google()": 3, "https://repo.example.org/releases": 20},
        replaced=table(Declared("a:b", "1", line=28, origin="c:d")),
        pins=table(Declared("commons-io:commons-io", "2.7", line=26), Declared("g:pinned", "9", line=55)),
    )


KOTLIN = '''\
plugins {
    `java-library`
    kotlin("jvm") version "1.9.0"
    id("com.google.devtools.ksp") version Versions.ksp
    id("acme.conventions")
}
val ktor by extra("2.3.0")
val raw = """a "quoted" \\"""
dependencies {
    implementation("io.ktor:ktor-server-core:$ktor")
    implementation("io.ktor:ktor-${if (jvm) "jvm" else "js"}:$ktor") { isTransitive = false }
    implementation("g", "positional", "1")
    implementation(group = "g", name = "named", version = "2")
    implementation(kotlin("stdlib", "1.9.0"))
    "customImplementation"("g:string-invoke:3")
    implementation(platform("g:bom:4"))
    implementation(npm("react", "18.2.0"))
    testImplementation(kotlin("test"))
    ksp("g:processor:5")
    implementation(projects.core)
    implementation(project(":lib"))
    listOf("g:one:1", "g:two:2").forEach { each -> runtimeOnly(each) }
    debugImplementation("g:debug:6")
    implementation(compose.desktop.currentOs)
    /* nested /* comment */ implementation("g:comment:1") */
}
kotlin {
    sourceSets {
        val commonTest by getting { dependencies { implementation("g:multiplatform-test:1") } }
        commonMain.dependencies { implementation("g:multiplatform:1") }
    }
}
'''


def test_gradle_in_kotlin() -> None:
    assert manifest("build.gradle.kts", KOTLIN) == Manifest(
        names=table(
            Declared("org.jetbrains.kotlin.jvm", "1.9.0", scope="build", line=3),
            Declared("com.google.devtools.ksp", "Versions.ksp", scope="build", line=4),
            Declared("io.ktor:ktor-server-core", "2.3.0", line=10),
            Declared("g:positional", "1", line=12),
            Declared("g:named", "2", line=13),
            Declared("org.jetbrains.kotlin:kotlin-stdlib", "1.9.0", line=14),
            Declared("g:string-invoke", "3", line=15),
            Declared("g:bom", "4", scope="build", line=16),
            Declared("npm:react", "18.2.0", line=17),
            Declared("org.jetbrains.kotlin:kotlin-test", scope="development", line=18),
            Declared("g:processor", "5", scope="build", line=19),
            Declared("g:one", "1", line=22),
            Declared("g:two", "2", line=22),
            Declared("g:debug", "6", scope="development", line=23),
            Declared("g:multiplatform-test", "1", scope="development", line=29),
            Declared("g:multiplatform", "1", line=30),
        ),
        dynamic=frozenset({'( io.ktor:ktor-${if (jvm) "jvm" else "js"}:$ktor )', "( compose . desktop . currentOs )"}),
        local=table(place(":lib", 21)),
    )


SETTINGS = """\
pluginManagement { repositories { gradlePluginPortal(); jcenter() } }
plugins { id("com.gradle.develocity") version "3.17" }
rootProject.name = "app"
include(":core", ":lib")
includeBuild("../tools")
"""


def test_gradle_settings() -> None:
    assert manifest("settings.gradle.kts", SETTINGS) == Manifest(
        names=table(Declared("com.gradle.develocity", "3.17", scope="build", line=2)),
        local=table(place(":core", 4), place(":lib", 4), place("../tools", 5)),
        indexes={"jcenter()": 1},
    )


def test_what_builds_the_build() -> None:
    text = 'dependencies { implementation("g:a:1"); testImplementation("g:t:1") }'
    assert shown("buildSrc/build.gradle.kts", text) == [("g:a", "1", "build", 1), ("g:t", "1", "development", 1)]


def test_the_names_that_buildsrc_holds() -> None:
    text = 'object Deps {\n  const val okhttp = "com.squareup.okhttp3:okhttp:4.12.0"\n  const val x = "a:b:c"\n}\n'
    expected = [("com.squareup.okhttp3:okhttp", "4.12.0", "runtime", 2)]
    assert shown("buildSrc/src/main/kotlin/Deps.kt", text) == expected
    java = 'class Deps { char c = \'"\'; /* /* */ String okhttp = "com.squareup.okhttp3:okhttp:4.12.0${"; }'
    assert shown("buildSrc/src/main/java/Deps.java", java) == [
        ("com.squareup.okhttp3:okhttp", "4.12.0${", "runtime", 1)
    ]


CATALOG = """\
[versions]
okhttp = "4.12.0"
strict = {strictly = "[1, 2[", prefer = "1.5"}
[libraries]
okhttp = {module = "com.squareup.okhttp3:okhttp", version.ref = "okhttp"}
short = "g:short:1.0"
parts = {group = "g", name = "parts", version = {ref = "strict"}}
managed = {module = "g:managed"}
[bundles]
all = ["okhttp", "short"]
[plugins]
kotlin = {id = "org.jetbrains.kotlin.jvm", version = "1.9.0"}
spring = "org.springframework.boot:3.2.0"
conventions = {id = "acme.conventions", version = "unspecified"}
"""


def test_version_catalog() -> None:
    assert manifest("gradle/libs.versions.toml", CATALOG) == Manifest(
        table(
            Declared("com.squareup.okhttp3:okhttp", "4.12.0", line=5),
            Declared("g:short", "1.0", line=6),
            Declared("g:parts", "[1, 2[", line=7),
            Declared("g:managed", line=8),
            Declared("org.jetbrains.kotlin.jvm", "1.9.0", scope="build", line=12),
            Declared("org.springframework.boot", "3.2.0", scope="build", line=13),
        )
    )


@pytest.mark.parametrize(
    "content",
    [
        "[libraries]\na = 1", "[libraries]\na = 'x'", "[libraries]\na = {module = 'x'}", "libraries = 1",
        "[plugins]\na = 1", "[libraries]\na = {module = 1}", "[",
    ],
)  # fmt: skip
def test_unreadable_catalogs(content: str) -> None:
    with pytest.raises(Unreadable):
        manifest("libs.versions.toml", content)


def test_lock_files() -> None:
    content = (
        b"# locked\r\ncom.google.guava:guava:33.0-jre=compileClasspath,testRuntimeClasspath\r\n"
        b"junit:junit:4.13=testCompileClasspath\r\nempty=annotationProcessor\r\n"
    )
    guava, junit = ("com.google.guava:guava", "33.0-jre"), ("junit:junit", "4.13")
    assert read_lock(READER, "gradle.lockfile", content) == Manifest(
        table(Declared(*guava, line=2), Declared(*junit, scope="development", line=3))
    )
    assert read_lock(READER, "buildscript-gradle.lockfile", b"g:a:1=classpath") == Manifest(
        table(Declared("g:a", "1", scope="build", line=1))
    )
    assert read_lock(READER, "gradle/dependency-locks/testCompile.lockfile", b"g:a:1\n") == Manifest(
        table(Declared("g:a", "1", scope="development", line=1))
    )
    with pytest.raises(Unreadable, match="it locks more than 50,000 artifacts"):
        read_lock(READER, "gradle.lockfile", b"g:a:1=b\n" * 50_001)
    with pytest.raises(Unreadable, match="line 1 locks no artifact"):
        read_lock(READER, "gradle.lockfile", b"<<<<")


SBT = """\
organization := "org.acme"
name := "app"
val akkaVersion = "2.8.0"
resolvers += "Acme" at "https://repo.example.org/maven/"
resolvers ++= Seq(Resolver.mavenLocal, Resolver.sonatypeRepo("snapshots"))
homepage := Some(url("https://example.org"))
libraryDependencies ++= Seq(
  "com.typesafe.akka" %% "akka-actor" % akkaVersion,
  "com.typesafe.akka" %% s"akka-stream" % Versions.stream % "test",
  "org.scala-js" %%% "scalajs-dom" % "2.0.0" exclude("a", "b"),
  ("org.acme" % "other_2.13" % "1").excludeAll(ExclusionRule("x" % "y")),
  compilerPlugin("org.typelevel" %% "kind-projector" % "0.13.2" cross CrossVersion.full),
  "g" % "from-elsewhere" % "1" from "https://example.org/a.jar"
)
libraryDependencies ++= Seq("g" %% "t1" % "1", "g" %% "t2" % "2").map(_ % Test)
libraryDependencies ++= modules.map(module => "g" %% module % "1")
addSbtPlugin("com.github.sbt" % "sbt-release" % "1.1.0")
dependencyOverrides += "g" % "pinned" % "9"
libraryDependencySchemes += "g" %% "scheme" % "always"
lazy val core = project.dependsOn(util % "compile->compile;test->test", i % 2)
lazy val remote = ProjectRef(uri("https://github.com/acme/remote.git#v1"), "core")
"""


def test_sbt() -> None:
    acme = "https://github.com/acme/remote"
    assert manifest("build.sbt", SBT) == Manifest(
        names=table(
            Declared("com.typesafe.akka:akka-actor", "2.8.0", line=8),
            Declared("com.typesafe.akka:akka-stream", "${Versions.stream}", scope="development", line=9),
            Declared("org.scala-js:scalajs-dom", "2.0.0", line=10),
            Declared("org.acme:other", "1", line=11),
            Declared("org.typelevel:kind-projector", "0.13.2", scope="build", line=12),
            Declared("g:from-elsewhere", "1", "url", line=13, origin="https://example.org/a.jar"),
            Declared("g:t1", "1", scope="development", line=15),
            Declared("g:t2", "2", scope="development", line=15),
            Declared("com.github.sbt:sbt-release", "1.1.0", scope="build", line=17),
            Declared(acme, "v1", "git", line=21, origin=acme),
        ),
        own=frozenset({"org.acme:app"}),
        dynamic=frozenset({"g:${module}"}),
        indexes={
            "https://repo.example.org/maven": 4,
            "Resolver.mavenLocal()": 5,
            "Resolver.sonatypeRepo(snapshots)": 5,
        },
        pins=table(Declared("g:pinned", "9", line=18)),
    )


def test_sbt_beside_the_build() -> None:
    library = 'libraryDependencies += "g" % "a" % "1"'
    assert shown("project/plugins.sbt", library) == [("g:a", "1", "build", 1)]
    assert shown("project/Dependencies.scala", 'object D { val a = "g" %% "a" % "1" }') == [("g:a", "1", "runtime", 1)]


def test_mill() -> None:
    text = 'import $ivy.`g::plugin:1`\ndef ivyDeps = Agg(ivy"com.lihaoyi::upickle:3.1", mvn"g:::a:2")\n'
    assert shown("build.mill", text) == [
        ("com.lihaoyi:upickle", "3.1", "runtime", 2), ("g:a", "2", "runtime", 2), ("g:plugin", "1", "build", 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "group", ["dependencies { implementation 'g:a%s:1' }", "libs = 'g:a%s:1'", 'x = "g" %% "a%s" % "1"']
)
@pytest.mark.parametrize("suffix", ["_2.12", "_2.13", "_3", "_$scalaVersion", "_${scala.binary.version}"])
def test_the_version_of_scala_is_no_part_of_a_name(group: str, suffix: str) -> None:
    path = "build.sbt" if "%%" in group.replace("%s", "") else "build.gradle"
    text = group.replace("%s", suffix)
    assert [name for name, *_ in shown(path, text)] == ["g:a"]


def test_the_artifact_of_a_gradle_plugin_is_that_plugin() -> None:
    marker = 'dependencies { implementation("org.acme.x:org.acme.x.gradle.plugin:1") }'
    plugin = 'plugins { id("org.acme.x") version "1" }'
    assert manifest("build-logic/build.gradle.kts", marker) == manifest("build.gradle.kts", plugin)


@pytest.mark.parametrize("path", ["build.gradle", "build.gradle.kts", "build.sbt", "buildSrc/A.java"])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('a "b', "a string does not end (line 1)"),
        ('\n"""\n', "a string does not end (line 2)"),
        ("\n/* x", "a comment does not end (line 2)"),
        ("a {", "a bracket is not closed (line 1)"),
        ("a }", "a bracket closes nothing (line 1)"),
        ("(a]", "a bracket closes nothing (line 1)"),
        ("{" * 1_000, "it is nested too deeply"),
        ("a\0", "it has a control character in line 1"),
        ("\n<<<<<<< ours\n", "it has a conflict marker in line 2"),
        ("a" * 300_001, "it is longer than 300,000 characters"),
    ],
)
def test_unreadable_scripts(path: str, content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        manifest(path, content)
    assert error.value.reason == reason


def test_a_script_with_a_mark_and_windows_line_ends() -> None:
    content = b"\xef\xbb\xbf" + GROOVY.replace("\n", "\r\n").encode()
    assert manifest("build.gradle", content) == manifest("build.gradle", GROOVY)


WORDS = st.sampled_from(
    "dependencies { } ( ) [ ] implementation plugins id version repositories maven url apply from substitute using"
    ' \'g:a:1\' "g:a:$v" "${" " \' , : = + . -> \n ; /* */ // % %% group name libs exclude force'
    ' libraryDependencies += Seq ivy "x" $ivy `a` val v project'.split(" ")
)


@settings(max_examples=150, deadline=None)
@given(
    path=st.sampled_from(["build.gradle", "a.gradle.kts", "build.sbt", "project/A.scala", "buildSrc/A.kt", "pom.xml"]),
    content=st.binary(max_size=200) | st.lists(WORDS, max_size=40).map(lambda words: " ".join(words).encode()),
)
def test_arbitrary_bytes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = manifest(path, content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name == declared.name for name, declared in found.names.items())


NAMES = st.lists(st.from_regex(r"[a-z]{1,8}(?:\.[a-z]{1,8})?:[a-z][a-z0-9-]{0,10}", fullmatch=True), unique=True)
FORMS = {
    "build.gradle": ("dependencies {\n", "  implementation '{group}:{artifact}:1'\n", "}\n"),
    "build.gradle.kts": ("dependencies {\n", '  api(group = "{group}", name = "{artifact}", version = "1")\n', "}\n"),
    "build.sbt": ("libraryDependencies ++= Seq(\n", '  "{group}" %% "{artifact}" % "1",\n', ")\n"),
    "pom.xml": (
        "<project><dependencies>\n",
        "<dependency><groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>1</version></dependency>\n",
        "</dependencies></project>\n",
    ),
    "libs.versions.toml": ("[libraries]\n", '"{group}-{artifact}" = "{group}:{artifact}:1"\n', ""),
}


@settings(max_examples=60, deadline=None)
@given(path=st.sampled_from(sorted(FORMS)), names=NAMES)
def test_generated_manifests_give_exactly_their_names(path: str, names: list[str]) -> None:
    start, form, end = FORMS[path]
    rows = []
    for name in names:
        group, _, artifact = name.partition(":")
        rows.append(form.replace("{group}", group).replace("{artifact}", artifact))
    found = manifest(path, start + "".join(rows) + end)
    assert found.names == {name: Declared(name, "1", line=line) for line, name in enumerate(names, start=2)}


def test_names_that_are_put_together_are_known_or_dynamic() -> None:
    start = "def e = 'evil'\ndef v = '1'\ndependencies {\n implementation "
    for text in ("e + ':evil:1'", "'ev' + 'il:evil:' + v", "('evil:' + e + ':1')", "e + ':' + e + ':' + v"):
        found = manifest("build.gradle", f"{start}{text}\n}}\n")
        assert ({**found.names}, found.dynamic) == ({"evil:evil": Declared("evil:evil", "1", line=4)}, frozenset())
    for text in ("x + ':evil:1'", "e.plus(':evil:1')", "[e, 'evil', '1'].join(':')", "'evil:' + x + ':1'"):
        found = manifest("build.gradle", f"{start}{text}\n}}\n")
        assert (found.names, len(found.dynamic)) == ({}, 1)
