#include "marketplace/domain/product.h"

#include <algorithm>

namespace pdx::domain {

static_assert(is_well_formed(machine_of(ProductState{})));

void check_product_fields(std::span<const std::string> product_fields,
                          std::span<const std::string> granted_fields) {
    ErrorDetail detail;
    if (product_fields.empty()) {
        detail.pointer = "fields";
        throw invalid("product.fields",
                      {"A product needs at least one field.", "数据产品至少应包含一个字段。"},
                      std::move(detail));
    }
    for (auto field = product_fields.begin(); field != product_fields.end(); ++field) {
        detail.pointer = *field;
        if (std::find(product_fields.begin(), field, *field) != field) {
            throw invalid("product.fields",
                          {"Field '" + *field + "' occurs twice.", "字段“" + *field + "”重复。"},
                          std::move(detail));
        }
        if (std::find(granted_fields.begin(), granted_fields.end(), *field) ==
            granted_fields.end()) {
            detail.rule = "发改数据规〔2025〕27号 Article 21";
            throw conflict("product.beyond_contract",
                           {"Field '" + *field + "' was not granted by the contract.",
                            "字段“" + *field + "”不在授权运营协议的授权范围内。"},
                           std::move(detail));
        }
    }
}

}  // namespace pdx::domain
