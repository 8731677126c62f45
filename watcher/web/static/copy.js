// Puts a button beside each address that is there to be copied; without this script a click selects it.
"use strict";
for (const address of document.querySelectorAll("[data-copy]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = address.dataset.shown;
  button.setAttribute("aria-label", address.dataset.copy);
  const told = document.createElement("span");
  told.className = "done";
  told.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address.href ?? address.textContent);
      told.textContent = address.dataset.done;
      setTimeout(() => (told.textContent = ""), 3000);
    } catch (error) {
      // No permission, or no secure connection: select it, and the reader presses the keys.
      console.warn("vigie:", error.message);
      getSelection().selectAllChildren(address);
    }
  });
  address.after(button, told);
}
