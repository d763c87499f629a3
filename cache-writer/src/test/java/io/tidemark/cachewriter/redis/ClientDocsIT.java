package io.tidemark.cachewriter.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tidemark.core.change.Version;
import io.tidemark.core.document.Format;
import io.tidemark.testkit.redis.EmbeddedRedis;
import io.tidemark.testkit.redis.RedisConnection;
import io.tidemark.testkit.redis.RedisSettings;
import io.tidemark.testkit.service.Repository;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The lines in docs/clients, run as they stand there with the real client library; left out where it is not installed.
 *
 * <p>Each program asks for an entry twice, invalidates it, asks again; asks twice for nothing; and invalidates an entry while
 * it is computed. It prints how often it had to compute: 1 2 1 2. Then it asks 400 times for one entry, which is counted about
 * as often. It reads what is kept in other formats: text, compressed text, a hash, and another one's compressed value. Others follow
 * the invalidation stream and print what it said.
 */
class ClientDocsIT {
    private static final String EXPECTED = "1 2 1 2";
    private static final String FOLLOWED = "reset tags=ft,fü keys=f:1";
    private static final Pattern CODE = Pattern.compile("```\\w+\\n(.*?)```", Pattern.DOTALL);

    private static final String VERSION = new Version(1, 1, 1, 1).text();
    private static final String LARGE = "{\"name\": \"Thé\", \"note\": \"" + "tea ".repeat(1_000) + "\"}";

    @TempDir
    private static Path directory;

    private static EmbeddedRedis redis;

    @BeforeAll
    static void start() throws Exception {
        redis = new EmbeddedRedis(RedisSettings.in(directory.resolve("redis")));
        redis.start();
        try (RedisConnection connection = redis.connect()) {
            ContractRedis contract = new ContractRedis(connection);
            contract.putHash("product:42", VERSION, "", Map.of("id", "42", "name", "Thé"));
            byte[] packed = new Format.Json(1).stored(LARGE.getBytes(UTF_8));
            contract.put("page:43", VERSION, "", "{\"name\": \"Thé\"}");
            connection.callBytes("SET".getBytes(UTF_8), "page:42".getBytes(UTF_8), packed);
            contract.ask("zip:1", "t", 60_000);
            contract.keepPacked("zip:1", "t", "zt", packed);
        }
    }

    @AfterAll
    static void stop() {
        redis.kill();
    }

    @Test
    void pythonReadsThroughTheContract() throws Exception {
        assertThat(printedBy("python", "py", List.of("/usr/bin/python3"), List.of("-c", "import redis"), """
                import redis
                r = redis.Redis(port=PORT)
                n = []
                def one(): n.append(1); return {"a": 1}
                assert cached(r, "py:1", one, 60000, ["pt"]) == cached(r, "py:1", one, 60000, ["pt"]) == {"a": 1}
                out = [len(n)]
                invalidate(r, "pt"); cached(r, "py:1", one, 60000, ["pt"]); out.append(len(n))
                n.clear()
                def none(): n.append(1)
                cached(r, "py:2", none, 60000, []); cached(r, "py:2", none, 60000, []); out.append(len(n))
                n.clear()
                def raced(): n.append(1); invalidate(r, "pr"); return 1
                cached(r, "py:3", raced, 60000, ["pr"]); cached(r, "py:3", raced, 60000, ["pr"]); out.append(len(n))
                for i in range(400): cached(r, "{py}:often:1", lambda: 1, 60000, [])
                assert document(r, "page:42")["name"] == document(r, "page:43")["name"] == row(r, "product:42")["name"] == "Thé"
                assert document(r, "page:44") is None and row(r, "product:44") == {}
                assert cached(r, "zip:1", None, 60000, ["zt"])["name"] == "Thé"
                print(*out)
                """))
                .isEqualTo(EXPECTED);
        assertThat(asked("{py}:often:1")).isBetween(100.0, 900.0);
    }

    @Test
    void phpReadsThroughTheContract() throws Exception {
        assertThat(printedBy("php", "php", List.of("php"), List.of("-r", "exit(class_exists('Redis') ? 0 : 1);"), """
                $r = new Redis(); $r->connect('127.0.0.1', PORT);
                $n = 0; $one = function () use (&$n) { $n++; return ['a' => 1]; };
                cached($r, 'php:1', $one, 60000, ['ht']);
                if (cached($r, 'php:1', $one, 60000, ['ht']) !== ['a' => 1]) exit(1);
                $out = [$n];
                invalidate($r, 'ht'); cached($r, 'php:1', $one, 60000, ['ht']); $out[] = $n;
                $n = 0; $none = function () use (&$n) { $n++; return null; };
                cached($r, 'php:2', $none, 60000, []); cached($r, 'php:2', $none, 60000, []); $out[] = $n;
                $n = 0; $raced = function () use (&$n, $r) { $n++; invalidate($r, 'hr'); return 1; };
                cached($r, 'php:3', $raced, 60000, ['hr']); cached($r, 'php:3', $raced, 60000, ['hr']); $out[] = $n;
                for ($i = 0; $i < 400; $i++) cached($r, '{php}:often:1', fn() => 1, 60000, []);
                if (document($r, 'page:42')['name'] . document($r, 'page:43')['name'] . row($r, 'product:42')['name'] !== 'ThéThéThé') exit(2);
                if (document($r, 'page:44') !== null || row($r, 'product:44') !== []) exit(3);
                if (cached($r, 'zip:1', fn() => null, 60000, ['zt'])['name'] !== 'Thé') exit(4);
                echo implode(' ', $out);
                """))
                .isEqualTo(EXPECTED);
        assertThat(asked("{php}:often:1")).isBetween(100.0, 900.0);
    }

    @Test
    void nodeReadsThroughTheContract() throws Exception {
        assertThat(printedBy("node", "js", List.of("node"), List.of("-e", "require('ioredis')"), """
                const Redis = require('ioredis');
                (async () => {
                  const r = new Redis(PORT);
                  let n = 0; const one = async () => { n++; return { a: 1 }; };
                  await cached(r, 'js:1', one, 60000, ['nt']);
                  if ((await cached(r, 'js:1', one, 60000, ['nt'])).a !== 1) process.exit(1);
                  const out = [n];
                  await invalidate(r, 'nt'); await cached(r, 'js:1', one, 60000, ['nt']); out.push(n);
                  n = 0; const none = () => { n++; return null; };
                  await cached(r, 'js:2', none, 60000, []); await cached(r, 'js:2', none, 60000, []); out.push(n);
                  n = 0; const raced = async () => { n++; await invalidate(r, 'nr'); return 1; };
                  await cached(r, 'js:3', raced, 60000, ['nr']); await cached(r, 'js:3', raced, 60000, ['nr']); out.push(n);
                  for (let i = 0; i < 400; i++) await cached(r, '{js}:often:1', () => 1, 60000, []);
                  if ((await document(r, 'page:42')).name + (await document(r, 'page:43')).name + (await row(r, 'product:42')).name !== 'ThéThéThé') process.exit(2);
                  if ((await document(r, 'page:44')) !== null) process.exit(3);
                  if ((await cached(r, 'zip:1', () => null, 60000, ['zt'])).name !== 'Thé') process.exit(4);
                  console.log(out.join(' '));
                  r.disconnect();
                })();
                """))
                .isEqualTo(EXPECTED);
        assertThat(asked("{js}:often:1")).isBetween(100.0, 900.0);
    }

    /** How often a key was asked for, as the lines have counted. */
    private static double asked(String key) throws Exception {
        try (RedisConnection connection = redis.connect()) {
            return Double.parseDouble(String.valueOf(connection.call("ZSCORE", "tm.asked:often", key)));
        }
    }

    @Test
    void pythonFollowsWhatBecomesStale() throws Exception {
        assertThat(printedBy("python", "py", List.of("/usr/bin/python3"), List.of("-c", "import redis"), """
                import redis
                r = redis.Redis(port=PORT)
                said = []
                where = follow(r, "", lambda kind, names: said.append(kind))
                invalidate(r, "ft", "fü")
                r.execute_command("FCALL", "tm_invalidate", 2, "f:1", "tm:{f:1}")
                drop = lambda kind, names: said.append(kind + "=" + ",".join(names))
                where = follow(r, where, drop); where = follow(r, where, drop)
                print(*said)
                """))
                .isEqualTo(FOLLOWED);
    }

    @Test
    void phpFollowsWhatBecomesStale() throws Exception {
        assertThat(printedBy("php", "php", List.of("php"), List.of("-r", "exit(class_exists('Redis') ? 0 : 1);"), """
                $r = new Redis(); $r->connect('127.0.0.1', PORT);
                $said = [];
                $where = follow($r, '', function ($kind, $names) use (&$said) { $said[] = $kind; });
                invalidate($r, 'ft', 'fü');
                $r->rawCommand('FCALL', 'tm_invalidate', 2, 'f:1', 'tm:{f:1}');
                $drop = function ($kind, $names) use (&$said) { $said[] = $kind . '=' . implode(',', $names); };
                $where = follow($r, $where, $drop); $where = follow($r, $where, $drop);
                echo implode(' ', $said);
                """))
                .isEqualTo(FOLLOWED);
    }

    @Test
    void nodeFollowsWhatBecomesStale() throws Exception {
        assertThat(printedBy("node", "js", List.of("node"), List.of("-e", "require('ioredis')"), """
                const Redis = require('ioredis');
                (async () => {
                  const r = new Redis(PORT);
                  const said = [];
                  let where = await follow(r, '', (kind) => said.push(kind));
                  await invalidate(r, 'ft', 'fü');
                  await r.call('FCALL', 'tm_invalidate', 2, 'f:1', 'tm:{f:1}');
                  const drop = (kind, names) => said.push(kind + '=' + names.join(','));
                  where = await follow(r, where, drop); where = await follow(r, where, drop);
                  console.log(said.join(' '));
                  r.disconnect();
                })();
                """))
                .isEqualTo(FOLLOWED);
    }

    /** What the document's lines print with these after them. */
    private static String printedBy(String page, String suffix, List<String> program, List<String> probe, String rest)
            throws Exception {
        assumeTrue(
                ended(command(program, probe)) == 0,
                "the client library of " + page + " is not installed here: docs/clients/" + page + ".md is not tried");
        String text = Files.readString(Repository.root().resolve("docs/clients/" + page + ".md"));
        String code = CODE.matcher(text).results().map(block -> block.group(1)).collect(Collectors.joining("\n"));
        Path file = directory.resolve("client." + suffix);
        Files.writeString(
                file,
                (suffix.equals("php") ? "<?php\n" : "") + code + rest.replace("PORT", Integer.toString(redis.port())));
        Path printed = directory.resolve(page + ".out");
        assertThat(ended(command(program, List.of(file.toString())).redirectOutput(printed.toFile())))
                .as(page)
                .isZero();
        return Files.readString(printed, StandardCharsets.UTF_8).strip();
    }

    private static ProcessBuilder command(List<String> program, List<String> arguments) {
        List<String> all = new java.util.ArrayList<>(program);
        all.addAll(arguments);
        return new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("probe.out").toFile());
    }

    private static int ended(ProcessBuilder command) throws Exception {
        try {
            Process process = command.start();
            if (process.waitFor(30, TimeUnit.SECONDS)) {
                return process.exitValue();
            }
            process.destroyForcibly();
            return -1;
        } catch (java.io.IOException notInstalled) {
            return -1;
        }
    }
}
