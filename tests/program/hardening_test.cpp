// SPDX-License-Identifier: Apache-2.0
// Checks in the program's ELF file (elf(5)) what cmake/Hardening.cmake promises.
#include <catch2/catch_test_macros.hpp>

#if defined(__linux__) && defined(__LP64__)

#include <elf.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

namespace chatvim {
namespace {

/// The parts of an ELF file that show how it was built. The file is our own and trusted.
class Elf {
 public:
  explicit Elf(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(file), {});
    header_ = read<Elf64_Ehdr>(0);
    for (std::size_t i = 0; i < header_.e_phnum; ++i) {
      segments_.push_back(read<Elf64_Phdr>(header_.e_phoff + i * header_.e_phentsize));
    }
    read_dynamic();
  }

  bool is_elf() const { return std::memcmp(header_.e_ident, ELFMAG, SELFMAG) == 0; }
  int type() const { return header_.e_type; }
  /// Returns the flags of the segment of that type, or -1 if there is none.
  int segment_flags(unsigned type) const {
    for (const auto& segment : segments_) {
      if (segment.p_type == type) return static_cast<int>(segment.p_flags);
    }
    return -1;
  }
  bool has(Elf64_Sxword tag) const { return dynamic(tag) != nullptr; }
  /// Returns the value of an entry of the dynamic section, or 0 if there is none.
  std::uint64_t value(Elf64_Sxword tag) const {
    const Elf64_Dyn* entry = dynamic(tag);
    return entry == nullptr ? 0 : entry->d_un.d_val;
  }
  /// Returns the names of functions imported from libraries.
  const std::set<std::string>& imports() const { return imports_; }

 private:
  template <class T>
  T read(std::size_t at) const {
    T out{};
    if (at + sizeof(T) <= bytes_.size()) std::memcpy(&out, bytes_.data() + at, sizeof(T));
    return out;
  }

  const Elf64_Dyn* dynamic(Elf64_Sxword tag) const {
    const auto found = std::find_if(dynamic_.begin(), dynamic_.end(),
                                    [tag](const Elf64_Dyn& one) { return one.d_tag == tag; });
    return found == dynamic_.end() ? nullptr : &*found;
  }

  void read_dynamic() {
    for (std::size_t i = 0; i < header_.e_shnum; ++i) {
      const auto section = read<Elf64_Shdr>(header_.e_shoff + i * header_.e_shentsize);
      if (section.sh_type == SHT_DYNAMIC) {
        for (std::size_t at = 0; at < section.sh_size; at += sizeof(Elf64_Dyn)) {
          dynamic_.push_back(read<Elf64_Dyn>(section.sh_offset + at));
        }
      }
      if (section.sh_type == SHT_DYNSYM) read_imports(section);
    }
  }

  void read_imports(const Elf64_Shdr& symbols) {
    const auto names = read<Elf64_Shdr>(header_.e_shoff + symbols.sh_link * header_.e_shentsize);
    for (std::size_t at = 0; at < symbols.sh_size; at += sizeof(Elf64_Sym)) {
      const auto symbol = read<Elf64_Sym>(symbols.sh_offset + at);
      if (symbol.st_shndx != SHN_UNDEF) continue;
      imports_.emplace(bytes_.c_str() + names.sh_offset + symbol.st_name);
    }
  }

  std::string bytes_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Phdr> segments_;
  std::vector<Elf64_Dyn> dynamic_;
  std::set<std::string> imports_;
};

}  // namespace

TEST_CASE("the program is built with hardening against exploits", "[hardening]") {
  if (!CHATVIM_HARDENED) SKIP("a debug or sanitizer build");
  const Elf program(CHATVIM_PROGRAM);
  REQUIRE(program.is_elf());
  // Position-independent: loaded at a different address each time.
  CHECK(program.type() == ET_DYN);
  CHECK((program.value(DT_FLAGS_1) & DF_1_PIE) != 0);
  // Full RELRO: all function addresses are resolved at start-up and read-only from then on.
  CHECK(program.segment_flags(PT_GNU_RELRO) >= 0);
  CHECK((program.has(DT_BIND_NOW) || (program.value(DT_FLAGS) & DF_BIND_NOW) != 0 ||
         (program.value(DT_FLAGS_1) & DF_1_NOW) != 0));
  // The stack is not executable.
  REQUIRE(program.segment_flags(PT_GNU_STACK) >= 0);
  CHECK((program.segment_flags(PT_GNU_STACK) & PF_X) == 0);
  CHECK_FALSE(program.has(DT_TEXTREL));
  // Libraries come only from the system's folders.
  CHECK_FALSE(program.has(DT_RPATH));
  CHECK_FALSE(program.has(DT_RUNPATH));
  CHECK(program.imports().contains("__stack_chk_fail"));
#ifdef __GLIBC__
  const auto is_fortified = [](const std::string& name) {
    return name.starts_with("__") && name.ends_with("_chk");
  };
  CHECK(std::any_of(program.imports().begin(), program.imports().end(), is_fortified));
#endif
}

}  // namespace chatvim

#endif
