package io.tidemark.cli.shop;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** The words that the shop's names are made of; quotes, accents and other scripts among them on purpose. */
final class Words {
    static final List<String> CITIES = List.of(
            "Antwerp", "Bilbao", "Córdoba", "Dublin", "Esbjerg", "Florence", "Göteborg", "Halle", "Iași", "Łódź");
    static final List<String> ROLES = List.of("cashier", "stock", "baker", "manager");

    private static final List<String> KINDS = List.of(
            "Organic", "Fresh", "Dried", "Smoked", "Salted", "Sweet", "Baker's", "Family", "Light", "Whole", "Frozen",
            "Spicy");
    private static final List<String> GOODS = List.of(
            "coffee",
            "green tea",
            "crème fraîche",
            "rye bread",
            "olives",
            "Gruyère",
            "tomatoes",
            "pasta",
            "rice",
            "honey",
            "almonds",
            "soap",
            "batteries",
            "candles",
            "notebook",
            "müsli",
            "jalapeños",
            "お茶",
            "oat milk",
            "apple juice");
    private static final List<String> PACKS =
            List.of("100 g", "250 g", "500 g", "1 kg", "6 × 33 cl", "1 l", "12 pieces", "3\" tin");
    private static final List<String> FIRST_NAMES = List.of(
            "Amina", "Bruno", "Chloé", "Dmitri", "Elif", "Farah", "Grace", "Henrik", "Inés", "João", "Karima", "Liam",
            "Mei", "Noor");
    private static final List<String> LAST_NAMES = List.of(
            "Andersen",
            "Benali",
            "Costa",
            "Duval",
            "Eriksson",
            "Ferreira",
            "García",
            "Haddad",
            "Ivanova",
            "Jansen",
            "O'Neill",
            "Yıldız");
    private static final List<String> CATEGORIES =
            List.of("Drinks", "Bakery", "Dairy", "Fruit & vegetables", "Household", "Snacks", "Frozen", "Stationery");

    private Words() {}

    static String pick(RandomGenerator random, List<String> words) {
        return words.get(random.nextInt(words.size()));
    }

    static String product(RandomGenerator random) {
        return pick(random, KINDS) + " " + pick(random, GOODS) + ", " + pick(random, PACKS);
    }

    static String person(RandomGenerator random) {
        return pick(random, FIRST_NAMES) + " " + pick(random, LAST_NAMES);
    }

    static String category(long id) {
        return CATEGORIES.get((int) (id % CATEGORIES.size())) + " " + id;
    }

    /** Thirteen digits, different for every product. */
    static String barcode(long product) {
        return String.format(Locale.ROOT, "40%011d", product);
    }
}
