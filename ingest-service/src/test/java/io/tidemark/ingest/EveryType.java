package io.tidemark.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A column of every type, each with a source of values that begins with the odd ones.
 *
 * <p>Left out is what stops Debezium itself: a domain over an enum, and a timetz whose offset has seconds.
 */
record EveryType(String type, Carried carried, Function<Random, String> values) {

    /** How far a change is said to carry the type (docs/types.md). */
    enum Carried {
        /** Always, but for unchanged large values. */
        EXACTLY,
        /** But for odd values, which are read again. */
        MOSTLY,
        /** Always read again. */
        NEVER
    }

    static final List<String> TYPES = List.of(
            "create extension hstore",
            "create extension citext",
            "create extension ltree",
            "create type mood as enum ('sad', 'very happy', 'weird, \"one\"')",
            "create type pair as (a int, b text)",
            "create type floatrange as range (subtype = float8)",
            "create domain posint as int check (value > 0)",
            "create domain positive_posint as posint",
            "create domain short_text as varchar(9000)",
            "create domain amount as numeric(20,4)",
            "create domain moment as timestamp(3)",
            "create domain document as jsonb",
            "create domain raw as bytea",
            "create domain days as date",
            "create domain many as int[]");

    static final List<EveryType> ALL = new ArrayList<>();

    static {
        exactly("bool", random -> Boolean.toString(random.nextBoolean()));
        exactly("int2", odd("-32768|32767|0", random -> "" + (short) random.nextInt()));
        exactly("int4", odd("-2147483648|2147483647", random -> "" + random.nextInt()));
        exactly("int8", odd("-9223372036854775808|9007199254740993", random -> "" + random.nextLong()));
        exactly("oid", odd("0|4294967295", random -> "" + (random.nextInt() & 0xFFFFFFFFL)));
        exactly("numeric", odd("NaN|Infinity|-Infinity|0|-0.0|0.00|1e-200|1e300", EveryType::number));
        exactly("numeric(12,4)", odd("NaN|0|-0.01", random -> "" + random.nextInt() / 1e4));
        exactly("numeric(5,-2)", random -> "" + random.nextInt(90_000));
        exactly("float4", odd("NaN|Infinity|-Infinity|-0|1e-45|1e15|3.4028235e38|16777216|0.1", EveryType::float4));
        exactly("float8", odd("NaN|Infinity|-Infinity|-0|5e-324|1e23|9007199254740993|2e-3|0.1", EveryType::float8));
        exactly("text", EveryType::text);
        exactly("varchar(9000)", EveryType::text);
        exactly("char(6)", random -> text(random, 6));
        exactly("name", random -> text(random, 12));
        exactly("uuid", random -> new java.util.UUID(random.nextLong(), random.nextLong()).toString());
        exactly("bytea", EveryType::hex);
        mostly("date", odd("infinity|-infinity|0044-03-15 BC|2000-05-05 BC|1582-10-10|10000-01-01", EveryType::date));
        exactly("time", odd("00:00|24:00|23:59:59.999999|12:00:00.1", EveryType::time));
        exactly("time(3)", odd("24:00|23:59:59.9996", EveryType::time));
        mostly(
                "timestamp",
                odd("infinity|-infinity|0044-03-15 12:00 BC|294276-12-31 23:59:59.999999", EveryType::moment));
        mostly("timestamp(3)", odd("infinity|10000-01-01", EveryType::moment));
        mostly("timestamptz", odd("infinity|-infinity|0044-03-15+00 BC|10000-01-01+00", r -> moment(r) + "+05:30"));
        mostly("timestamptz(0)", odd("infinity|0001-01-01+00", r -> moment(r) + "-08"));
        mostly("json", odd("{\"b\":1,\"b\":2}|1e400|\"\\u00e9\"| { \"k\" : [] } |null", EveryType::json));
        exactly("jsonb", odd("null|\"__debezium\"|-0.0|[1.10, 123456789012345678901234567890]", EveryType::json));
        exactly("mood", random -> List.of("sad", "very happy", "weird, \"one\"").get(random.nextInt(3)));
        exactly("inet", odd("::1|2001:db8::/32|10.0.0.0/8", random -> "10.0.0." + random.nextInt(256)));
        exactly("cidr", odd("::/0|10.0.0.0/8", random -> "10.0." + random.nextInt(256) + ".0/24"));
        exactly("macaddr", random -> "08:00:2b:01:02:" + twoHex(random));
        exactly("macaddr8", random -> "08:00:2b:01:02:03:04:" + twoHex(random));
        exactly("xml", random -> "<a>" + random.nextInt() + "</a>");
        exactly("tsvector", odd("a:1 b:2A 'c d':3", random -> "w" + random.nextInt()));
        exactly("citext", EveryType::text);
        exactly("ltree", random -> "a.b" + random.nextInt(99) + ".c");
        exactly("int4range", odd("empty|(,)|[1,]|[5,6)", random -> "[" + random.nextInt(9) + ",99)"));
        exactly("int8range", random -> "[" + random.nextInt(9) + ",99)");
        exactly("numrange", odd("[1.0,2.50]|(,NaN)", random -> "[1.5," + (2 + random.nextInt(9)) + ".50)"));
        exactly("daterange", odd("(,infinity)|[0044-03-15 BC,)", random -> "[1999-01-01," + date(random) + ")"));
        exactly("tsrange", odd("(,infinity)|empty", random -> "[1990-01-01 10:00," + moment(random) + ")"));
        mostly(
                "int2[]",
                odd("{}|{1,NULL}|{{1,2},{3,4}}|[0:1]={5,6}", random -> array(random, r -> "" + r.nextInt(99))));
        mostly("int4[]", odd("{}|{1,NULL}|{{1,2},{3,4}}|[0:1]={5,6}", random -> array(random, r -> "" + r.nextInt())));
        mostly("int8[]", odd("{}|{NULL}", random -> array(random, r -> "" + r.nextLong())));
        mostly("bool[]", odd("{}|{t,NULL}|{{t}}", random -> array(random, r -> r.nextBoolean() ? "t" : "f")));
        mostly("numeric[]", odd("{NaN}|{1.10,NULL}|{{1}}|{}", random -> array(random, r -> "" + r.nextInt() / 100.0)));
        mostly("float4[]", odd("{NaN,-0}|{{1}}", random -> array(random, r -> "" + r.nextInt(999) / 10f)));
        mostly("float8[]", odd("{Infinity}|{{1}}", random -> array(random, r -> "" + r.nextInt() / 1000.0)));
        mostly("text[]", odd("{a,\"b c\",NULL,\"NULL\",\"\"}|{{a,b},{c,d}}|{\"q\\\"u,\"}", EveryType::words));
        mostly("varchar(5)[]", odd("{}|{NULL}|{{a}}", random -> array(random, r -> "w" + r.nextInt(9))));
        mostly(
                "uuid[]",
                odd("{}|{NULL}", random -> array(random, r -> new java.util.UUID(r.nextLong(), 1).toString())));
        exactly("posint", random -> "" + (1 + random.nextInt(99)));
        exactly("positive_posint", random -> "" + (1 + random.nextInt(99)));
        exactly("short_text", EveryType::text);
        exactly("amount", odd("NaN|0", random -> "" + random.nextInt() / 1e4));
        mostly("moment", odd("infinity", EveryType::moment));
        exactly("document", EveryType::json);
        exactly("raw", EveryType::hex);
        mostly("days", odd("2000-05-05 BC", EveryType::date));
        mostly("many", random -> array(random, r -> "" + r.nextInt()));
        never("timetz", odd("24:00-12|12:34:56.7+05:30", random -> time(random) + "+01"));
        never("interval", odd("infinity|0|-1 day|1 mon -1 day +00:00:01", random -> random.nextInt() + " seconds"));
        never("money", odd("-1.5", random -> "" + random.nextInt(99)));
        never("bit(5)", random -> "10101");
        never("bit", random -> "1");
        never("varbit", odd("|1|111111111", random -> "101".repeat(1 + random.nextInt(9))));
        never("point", odd("(NaN,Infinity)|(1e-300,-0)", random -> "(1," + random.nextInt() + ")"));
        never("line", random -> "{1,2,3}");
        never("lseg", random -> "[(0,0),(1,1)]");
        never("box", random -> "(1,1),(0," + random.nextFloat() + ")");
        never("path", random -> "((0,0),(1,1))");
        never("polygon", random -> "((0,0),(1,1),(2,0))");
        never("circle", random -> "<(0,0),1.5>");
        never("tstzrange", random -> "[2024-01-01 00:00+00,2024-01-02 12:00+00)");
        never("floatrange", random -> "[1.5,2.5]");
        never("int4multirange", odd("{}", random -> "{[1,3),[5,7)}"));
        never("tsquery", random -> "a & b | !c");
        never("hstore", odd("|a=>NULL", random -> "\"k d\"=>\"" + random.nextInt() + "\""));
        never("pair", odd("(,)", random -> "(" + random.nextInt() + ",\"q\"\"uote\")"));
        never("mood[]", odd("{sad,NULL,\"very happy\"}", random -> "{sad}"));
        never("date[]", odd("{infinity}", random -> "{" + date(random) + "}"));
        never("timestamptz[]", random -> "{" + moment(random) + "}");
        never("jsonb[]", random -> "{1,\"{\\\"a\\\": 1}\"}");
        never("bytea[]", random -> "{\"\\\\x01ff\"}");
        never("posint[]", random -> "{1,2}");
        never("pair[]", random -> "{\"(1,a)\"}");
        never("pg_lsn", random -> "16/B374D848");
        never("jsonpath", random -> "$.a[*]");
    }

    /** The column's name for the type at that place. */
    static String column(int index) {
        return "c" + index;
    }

    private static void exactly(String type, Function<Random, String> values) {
        ALL.add(new EveryType(type, Carried.EXACTLY, values));
    }

    private static void mostly(String type, Function<Random, String> values) {
        ALL.add(new EveryType(type, Carried.MOSTLY, values));
    }

    private static void never(String type, Function<Random, String> values) {
        ALL.add(new EveryType(type, Carried.NEVER, values));
    }

    /** Every fifth value one of the odd ones. */
    private static Function<Random, String> odd(String values, Function<Random, String> others) {
        String[] odd = values.split("\\|", -1);
        return random -> random.nextInt(5) == 0 ? odd[random.nextInt(odd.length)] : others.apply(random);
    }

    /** Now and then so large that it is kept outside the row. */
    private static String number(Random random) {
        return random.nextInt(16) == 0
                ? "7" + "1234567890".repeat(1000) + ".50"
                : new java.math.BigDecimal(random.nextLong())
                        .movePointLeft(random.nextInt(30))
                        .toPlainString();
    }

    private static String float8(Random random) {
        double number = Double.longBitsToDouble(random.nextLong());
        return random.nextBoolean() ? "" + random.nextInt(100_000) / 64.0 : Double.toString(number);
    }

    private static String float4(Random random) {
        float number = Float.intBitsToFloat(random.nextInt());
        return random.nextBoolean() ? "" + random.nextInt(10_000) / 8f : Float.toString(number);
    }

    private static String text(Random random) {
        String text = text(random, 20);
        return random.nextInt(16) == 0 ? "long é ".repeat(350) + text : text;
    }

    private static String text(Random random, int length) {
        String letters = "abc XYZ\"\\/'{}[],:\té😀\u2028\u0001";
        int[] points = letters.codePoints().toArray();
        return IntStream.range(0, random.nextInt(length + 1))
                .mapToObj(i -> Character.toString(points[random.nextInt(points.length)]))
                .collect(Collectors.joining());
    }

    private static String hex(Random random) {
        byte[] bytes = new byte[random.nextInt(16) == 0 ? 2500 : random.nextInt(20)];
        random.nextBytes(bytes);
        return "\\x" + java.util.HexFormat.of().formatHex(bytes);
    }

    private static String twoHex(Random random) {
        return java.util.HexFormat.of().toHexDigits((byte) random.nextInt());
    }

    private static String date(Random random) {
        return java.time.LocalDate.of(2000, 1, 1)
                .plusDays(random.nextInt(20_000))
                .toString();
    }

    private static String time(Random random) {
        return java.time.LocalTime.ofNanoOfDay(
                        random.nextInt(86_400) * 1_000_000_000L + random.nextInt(1_000_000) * 1000L)
                .toString();
    }

    private static String moment(Random random) {
        return date(random) + " " + time(random);
    }

    private static String json(Random random) {
        String value = "{\"n\": " + random.nextInt() / 100.0 + ", \"t\": \"é\\\\\\\"\", \"l\": [true, null, {}]}";
        return random.nextInt(16) == 0 ? "[" + "\"large\", ".repeat(280) + value + "]" : value;
    }

    private static String array(Random random, Function<Random, String> element) {
        return IntStream.range(0, random.nextInt(16) == 0 ? 300 : 1 + random.nextInt(4))
                .mapToObj(i -> element.apply(random))
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String words(Random random) {
        return array(random, r -> "\"" + text(r, 9).replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
    }
}
