// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch_test_macros.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "chatvim/embed/expand.hpp"

namespace chatvim::testing::embed {

namespace fs = std::filesystem;
using chatvim::embed::Context;
using chatvim::embed::Expansion;
using chatvim::embed::Item;
using document::Message;
using document::Part;
using document::Role;

/// A temporary folder that is removed in the end.
class Folder {
 public:
  Folder() {
    std::string path = fs::temp_directory_path() / "chatvim-embed-XXXXXX";
    REQUIRE(::mkdtemp(path.data()) != nullptr);
    path_ = fs::canonical(path);
  }
  ~Folder() {
    std::error_code ignored;
    fs::permissions(path_, fs::perms::owner_all, ignored);
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string path(const std::string& name = "") const {
    return name.empty() ? path_ : path_ + "/" + name;
  }
  /// Writes a file with the folders that it is in; returns its path.
  std::string write(const std::string& name, std::string_view bytes) const {
    const fs::path file = path(name);
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << bytes;
    return file;
  }
  void make(const std::string& name) const { fs::create_directories(path(name)); }
  void link(const std::string& name, const std::string& target) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    fs::create_symlink(target, path(name));
  }

 private:
  std::string path_;
};

/// Variables of an environment, and nothing else.
inline auto environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](std::string_view name) -> std::optional<std::string> {
    const auto found = variables.find(std::string(name));
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

/// The context of a chat "chat.md" in a folder.
inline Context context_of(const Folder& folder) {
  Context context;
  context.file = folder.path("chat.md");
  context.working_folder = folder.path();
  context.environment = environment({{"HOME", "/nowhere"}});
  return context;
}

inline Expansion expand_text(const std::string& text, const Context& context,
                             const chatvim::files::Files& files = chatvim::files::system_files()) {
  return chatvim::embed::expand({Message{Role::kUser, text}}, context, files);
}

/// Expands one embed.
inline Expansion expand_target(const std::string& target, const Context& context) {
  return expand_text("![](" + target + ")", context);
}

/// What a message with one embed becomes; nothing may stand in the way.
inline std::string text_of(const std::string& target, const Context& context) {
  const Expansion expansion = expand_target(target, context);
  REQUIRE(expansion.items.size() == 1);
  INFO((expansion.items[0].error ? expansion.items[0].error->message : std::string()));
  CHECK(!expansion.items[0].error);
  CHECK(expansion.outside.empty());
  CHECK(expansion.secrets.empty());
  CHECK(expansion.unsaved.empty());
  return expansion.messages[0].content;
}

/// The clause that says why an embed cannot be sent; it stays as it was.
inline std::string reason_of(const std::string& target, const Context& context) {
  const Expansion expansion = expand_target(target, context);
  REQUIRE(expansion.items.size() == 1);
  REQUIRE(expansion.items[0].error);
  const std::string line = "![](" + target + ")";
  CHECK(expansion.messages[0].content == line);
  CHECK(expansion.items[0].error->code == ErrorCode::kBadEmbed);
  CHECK(expansion.items[0].stretch.size == 0);
  return expansion.items[0].reason;
}

/// The paths that are asked about.
inline std::vector<std::string> asked(const Expansion& expansion) {
  std::vector<std::string> paths;
  for (const auto& outside : expansion.outside) paths.push_back(outside.path);
  return paths;
}

}  // namespace chatvim::testing::embed
