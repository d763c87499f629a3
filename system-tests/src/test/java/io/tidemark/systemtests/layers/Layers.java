package io.tidemark.systemtests.layers;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The layers of the design as checks over compiled classes; each answers what breaks it. */
final class Layers {

    /**
     * A library and who may know it.
     *
     * @param packages the library's own; what is below them belongs to it too
     * @param passing types that may pass through everybody's hands: a handle, a failure
     * @param knownIn one of these words must be a segment of the package of whoever uses it
     */
    record Library(String name, List<String> packages, Set<String> passing, Set<String> knownIn) {

        boolean contains(JavaClass type) {
            String owner = type.getPackageName();
            return !passing.contains(type.getSimpleName())
                    && packages.stream().anyMatch(p -> owner.equals(p) || owner.startsWith(p + "."));
        }

        boolean mayBeUsedBy(JavaClass type) {
            return Arrays.stream(type.getPackageName().split("\\.")).anyMatch(knownIn::contains);
        }
    }

    static final List<Library> LIBRARIES = List.of(
            new Library("Debezium", List.of("io.debezium", "org.apache.kafka.connect"), Set.of(), Set.of("debezium")),
            new Library("Redisson", List.of("org.redisson"), Set.of(), Set.of("redis")),
            new Library(
                    "Kafka", List.of("org.apache.kafka", "kafka"), Set.of(), Set.of("kafka", "debezium", "containers")),
            // The demo's shop writes to PostgreSQL as an application does: SQL is its subject. A server in a container
            // is asked by its own client whether it is up.
            new Library(
                    "SQL",
                    List.of("java.sql", "javax.sql", "org.postgresql"),
                    Set.of("Connection", "SQLException"),
                    Set.of("postgres", "shop", "containers")));

    /** What a module of the product may use of the others; its own classes it may always use. */
    static final Map<String, Set<String>> ARROWS = Map.of(
            "core", Set.of(),
            "testkit", Set.of("core"),
            "client", Set.of("core"),
            "ingest-service", Set.of("core"),
            "cache-writer", Set.of("core"),
            "position-service", Set.of("core"),
            "reconciler", Set.of("core"),
            "cli", Set.of("core", "testkit", "client"));

    private Layers() {}

    /** Uses of a library outside the packages that may know it. */
    static List<String> strayUses(Library library, JavaClasses classes) {
        List<String> strays = new ArrayList<>();
        for (JavaClass type : classes) {
            if (!library.mayBeUsedBy(type)) {
                uses(type, library)
                        .forEach(used -> strays.add(type.getName() + " uses " + library.name() + ": " + used));
            }
        }
        return strays;
    }

    /** Classes that use a library at all. */
    static List<String> users(Library library, JavaClasses classes) {
        return classes.stream()
                .filter(type -> !uses(type, library).isEmpty())
                .map(JavaClass::getName)
                .toList();
    }

    /** Uses across modules against the arrows. */
    static List<String> againstTheArrows(Map<String, JavaClasses> modules, Map<String, Set<String>> arrows) {
        Map<String, String> moduleOf = new TreeMap<>();
        modules.forEach((module, classes) -> classes.forEach(type -> moduleOf.put(type.getName(), module)));
        List<String> wrong = new ArrayList<>();
        modules.forEach(
                (module, classes) -> classes.forEach(type -> targets(type).forEach(target -> {
                    String other = moduleOf.getOrDefault(target.getName(), module);
                    if (!other.equals(module)
                            && !arrows.getOrDefault(module, Set.of()).contains(other)) {
                        wrong.add(type.getName() + " of " + module + " uses " + target.getName() + " of " + other);
                    }
                })));
        return wrong;
    }

    /** Packages that depend on each other in a circle, as text; empty when there is none. */
    static List<String> cycles(JavaClasses classes) {
        Map<String, Set<String>> graph = new TreeMap<>();
        for (JavaClass type : classes) {
            Set<String> out = graph.computeIfAbsent(type.getPackageName(), p -> new TreeSet<>());
            targets(type)
                    .filter(target -> classes.contain(target.getName()))
                    .map(JavaClass::getPackageName)
                    .forEach(out::add);
        }
        List<String> cycles = new ArrayList<>();
        graph.forEach((from, direct) -> direct.stream()
                .filter(to -> from.compareTo(to) < 0 && reaches(graph, to, from))
                .forEach(to -> cycles.add(from + " and " + to + " depend on each other")));
        return cycles;
    }

    private static boolean reaches(Map<String, Set<String>> graph, String from, String goal) {
        Set<String> seen = new TreeSet<>();
        List<String> open = new ArrayList<>(List.of(from));
        while (!open.isEmpty()) {
            String at = open.remove(open.size() - 1);
            if (at.equals(goal)) {
                return true;
            }
            if (seen.add(at)) {
                open.addAll(graph.getOrDefault(at, Set.of()));
            }
        }
        return false;
    }

    private static Collection<String> uses(JavaClass type, Library library) {
        return new TreeSet<>(
                targets(type).filter(library::contains).map(JavaClass::getName).toList());
    }

    private static java.util.stream.Stream<JavaClass> targets(JavaClass type) {
        return type.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType);
    }
}
