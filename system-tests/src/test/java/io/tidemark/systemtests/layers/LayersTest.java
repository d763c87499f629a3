package io.tidemark.systemtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.tidemark.testkit.service.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The arrows between modules and the packages that may know a library, as the design draws them. */
class LayersTest {

    private static final int LONGEST_FILE = 400;
    private static final String PLANTED = "io.tidemark.systemtests.layers.planted";

    private static final Map<String, JavaClasses> MODULES = new TreeMap<>();

    @BeforeAll
    static void readTheModules() {
        for (String module : modulesWithSources()) {
            Path classes = Repository.root().resolve(module).resolve("target/classes");
            assertThat(classes)
                    .as("classes of " + module + ", built before this test")
                    .isDirectory();
            MODULES.put(module, new ClassFileImporter().importPath(classes));
        }
    }

    @Test
    void modulesUseEachOtherOnlyAlongTheArrows() {
        assertThat(Layers.againstTheArrows(MODULES, Layers.ARROWS)).isEmpty();
    }

    @Test
    void everyLibraryIsKnownToThePackagesOfItsNameOnly() {
        List<String> strays = new ArrayList<>();
        MODULES.values()
                .forEach(classes ->
                        Layers.LIBRARIES.forEach(library -> strays.addAll(Layers.strayUses(library, classes))));
        assertThat(strays).isEmpty();
    }

    @Test
    void coreKnowsNeitherKafkaNorDebeziumNorRedissonNorMicronaut() {
        Layers.Library strange = new Layers.Library(
                "a service's library",
                List.of("org.apache.kafka", "io.debezium", "org.redisson", "io.micronaut", "jakarta.inject"),
                Set.of(),
                Set.of());
        assertThat(Layers.users(strange, MODULES.get("core"))).isEmpty();
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        List<String> cycles = new ArrayList<>();
        MODULES.values().forEach(classes -> cycles.addAll(Layers.cycles(classes)));
        assertThat(cycles).isEmpty();
    }

    @Test
    void noSourceFileIsLongerThan400Lines() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (String module : modulesWithSources()) {
            try (Stream<Path> files =
                    Files.walk(Repository.root().resolve(module).resolve("src"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    long lines = Files.readAllLines(file).size();
                    if (lines > LONGEST_FILE) {
                        tooLong.add(file + " has " + lines + " lines");
                    }
                }
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private static List<String> modulesWithSources() {
        return Layers.ARROWS.keySet().stream()
                .filter(module ->
                        Files.isDirectory(Repository.root().resolve(module).resolve("src/main/java")))
                .toList();
    }

    @Test
    void theChecksFindWhatWasPlanted() {
        JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);
        Layers.Library redisson = Layers.LIBRARIES.get(1);
        assertThat(Layers.users(redisson, planted)).hasSize(2);
        assertThat(Layers.strayUses(redisson, planted))
                .singleElement()
                .asString()
                .startsWith(PLANTED + ".one.");
        assertThat(Layers.cycles(planted)).singleElement().asString().contains(".one and ", ".two depend");

        Map<String, JavaClasses> modules = Map.of(
                "first", new ClassFileImporter().importPackages(PLANTED + ".one"),
                "second", new ClassFileImporter().importPackages(PLANTED + ".two"));
        assertThat(Layers.againstTheArrows(modules, Map.of("first", Set.of("second"))))
                .singleElement()
                .asString()
                .contains("of second uses");
    }
}
