-- SPDX-License-Identifier: Apache-2.0
-- blink.cmp ($CHATVIM_BLINK, a checkout) in a Neovim without the plugin: its menu shows our items.
package.path = vim.env.CHATVIM_ROOT .. "/tests/clients/?.lua;" .. package.path
local case = require("helpers.case")
local start = require("start")
local wait = require("helpers.wait")
local eq = MiniTest.expect.equality

local T = case.set()

local blink = vim.env.CHATVIM_BLINK
if not blink or blink == "" or vim.fn.has("nvim-0.11") == 0 then
  print("skipped: CHATVIM_BLINK is not set, or this Neovim is older than 0.11")
  T["skipped: no blink.cmp"] = function() end
  return T
end

--- Returns a Neovim with blink.cmp as its users set it up.
local function neovim(name)
  local child = start.neovim({
    name = name,
    commands = { "set runtimepath^=" .. vim.fn.fnameescape(blink) },
  })
  child:lua([[
    require("blink.cmp").setup({
      sources = { default = { "lsp" } },
      fuzzy = { implementation = "lua" },
      completion = { documentation = { auto_show = true, auto_show_delay_ms = 0 } },
    })
  ]])
  return child
end

--- Waits until the menu has an item, and returns the labels of all.
local function menu(child, wanted)
  return wait.until_true("the item " .. wanted, function()
    local labels = child:lua([[
      local cmp = require("blink.cmp")
      return cmp.is_visible() and vim.tbl_map(function(item)
        return item.label
      end, cmp.get_items()) or {}
    ]])
    return vim.tbl_contains(labels, wanted) and labels
  end)
end

T["keys, with a snippet for the value"] = function()
  local child = neovim("blink")
  start.open(child, '+++\nmodel = "m1"\n\n+++\n\n# === USER ===\n\nWhy?\n')
  child:command("3")
  child:type("itemper")
  menu(child, "temperature")
  child:type("<C-y>")
  child:wait_text("\ntemperature = ")
  child:type("0.5")
  child:wait_text("\ntemperature = 0.5\n")
  child:type("<Esc>")
  eq(start.stop_server(child), 0)
end

T["models, inside of quotes"] = function()
  local child = neovim()
  start.open(child, '+++\nmodel = ""\n+++\n\n# === USER ===\n\nWhy?\n')
  child:command("2 | normal! $")
  child:type("im2")
  menu(child, "m2")
  child:type("<C-y>")
  child:wait_text('model = "m2"\n')
  eq(start.stop_server(child), 0)
end

T["files, in a link"] = function()
  local child = neovim()
  vim.fn.writefile({ "x" }, child.folder .. "/notes.txt")
  start.open(child, "# === USER ===\n\nWhy?\n")
  child:command("3")
  child:type("o<CR>![](no")
  menu(child, "notes.txt")
  child:type("<C-y>")
  child:wait_text("![](notes.txt")
  eq(start.stop_server(child), 0)
end

T["delimiters"] = function()
  local child = neovim()
  start.open(child, "# === USER ===\n\nWhy?\n")
  child:command("3")
  child:type("o<CR>#")
  menu(child, "# === ASSISTANT ===")
  child:type(" =")
  menu(child, "# === ASSISTANT ===")
  child:type("<C-n><C-y>")
  child:wait_text("Why?\n\n# === ASSISTANT ===")
  eq(start.stop_server(child), 0)
end

return T
