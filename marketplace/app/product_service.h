#pragma once
/// Data products: an operator makes one under its contract, the authority reviews and registers it.
#include <string>
#include <vector>

#include "marketplace/app/context.h"
#include "marketplace/store/product_store.h"

namespace pdx::app {

struct CreateProduct {
    ContractId contract;
    std::string name_zh;
    std::string name_en;
    std::string description_zh;
    std::string description_en;
    domain::ProductKind kind = domain::ProductKind::kDataset;
};

enum class ReviewDecision { kApprove, kReject };

class ProductService {
public:
    explicit ProductService(Context& context) : context_(context) {}

    /// Ensures: the product is submitted for review.
    /// Throws: not_found("contract") unless it is the caller's; kConflict `contract.not_live`.
    Outcome create(const WriteRequest& write, const CreateProduct& input);
    /// Approval registers the product in the same command.
    /// Throws: not_found("product"); kConflict `product.transition`, `contract.not_live`.
    Outcome review(const WriteRequest& write, const ProductId& id, ReviewDecision decision,
                   const std::string& reason);

    /// Throws: not_found("product") unless it is registered, the caller's own, or the caller
    /// supervises.
    store::Product find(const Caller& caller, const ProductId& id);
    std::vector<store::Product> list(const Caller& caller, const std::string& after,
                                     std::int64_t limit);

private:
    Context& context_;
};

}  // namespace pdx::app
