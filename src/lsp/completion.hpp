// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "chatvim/provider/catalogue.hpp"
#include "chatvim/settings/schema.hpp"
#include "features.hpp"

namespace chatvim::lsp {

/// Numbers of LSP's CompletionItemKind.
enum class ItemKind {
  kText = 1,
  kField = 5,
  kProperty = 10,
  kValue = 12,
  kKeyword = 14,
  kFile = 17,
  kReference = 18,
  kFolder = 19,
  kEnumMember = 20
};

/// One completion, and the range of the line that it replaces.
struct Item {
  std::string label;
  ItemKind kind = ItemKind::kText;
  std::string text = {};  ///< "": the label
  bool is_snippet = false;
  std::string detail = {};
  std::string documentation = {};  ///< markdown
  std::string filter = {};         ///< "": the label
};

/// The items for a place, and the bytes of its line that they replace.
struct Completions {
  std::size_t start = 0;
  std::size_t end = 0;
  std::vector<Item> items = {};
  bool is_incomplete = false;  ///< more typing may find others
};

Completions complete_front_matter(Scene& scene, Position at);
/// Completes the target after `![](`; without items elsewhere.
Completions complete_embed(Scene& scene, Position at);

/// Describes an option: its type, default and sentence.
std::string describe_option(const settings::Option& option);
/// Describes a model: context and price, as far as known.
std::string describe_model(const provider::Model& model);

}  // namespace chatvim::lsp
