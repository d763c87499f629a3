-- Made after the rows are loaded, which is quicker.
create index products_by_shop_and_category on products (shop_id, category_id);
analyze;
