"""First names that are often given in France, and nothing else in its language.

Those that are words or towns too (Claire, Pierre, Rose) are left out: what is pointed out for
nothing is soon not read any more.
"""

_GIVEN = """
Abdel Abdou Adam Adama Adel Adrien Agathe Agnès Ahmed Aïcha Aïssatou Alain Albert Alex Alexandra
Alexandre Alexis Ali Alice Aline Amadou Amandine Amélie Amina Amine Anaïs Andréa André Andrée
Anissa Anita Anna Anne Annick Annie Antoine Antoinette Antonio Arnaud Arthur Assia Audrey Aurélie
Aurélien Awa Aya Aymeric Bastien Baptiste Béatrice Benjamin Benoît Bernadette Bernard Bertrand
Bilal Binta Brigitte Bruno Camille Carine Carole Caroline Cédric Céline Chantal Charlène Charlotte
Chloé Christelle Christian Christiane Christine Christophe Claude Claudine Clémence Clément
Coralie Corinne Cyril Damien Daniel Danielle David Delphine Denis Denise Diane Didier Dimitri
Djamila Dominique Dylan Edith Élisabeth Élise Élodie Émilie Emma Emmanuel Emmanuelle Enzo Éric
Erwan Estelle Esther Étienne Eugénie Évelyne Fabien Fabienne Fabrice Farid Farida Fatima Fatou
Fatoumata Fatma Fernand Florence Florent Florian Franck François Françoise Frédéric Frédérique
Gabriel Gaëlle Gaëtan Gérald Geneviève Georges Gérard Ghislaine Gilbert Gilles Ginette Grégory
Guillaume Guy Hakim Hamid Hassan Hatice Hélène Henri Hervé Hugo Ibrahim Idrissa Inès Irène
Isabelle Ismaël Jacqueline Jacques Jamal Jamila Jean Jeanne Jeannine Jérémie Jérémy Jérôme Jessica
Joël Joëlle Joseph Josette Josiane Julie Julien Juliette Justine Kader Kamel Karim Karima Karine
Kenza Kévin Khadija Khaled Laëtitia Laura Laure Laurence Laurent Léa Leïla Léo Léon Liliane Lina
Lionel Lisa Loïc Louis Louise Lucas Lucie Lucien Ludovic Lydia Lydie Madeleine Magali Malika
Mamadou Manon Manuel Manuela Marc Marcel Margaux Margot Maria Mariama Marie Marion Martine Maryse
Mathieu Mathilde Matthieu Maurice Maxime Mehdi Mélanie Mélissa Michaël Michel Michèle Micheline
Mickaël Mireille Mohamed Mohammed Monique Morgane Mounir Moussa Mourad Mustapha Myriam Nabil Nadia
Nadine Naïma Nasser Natacha Nathalie Nathan Nicolas Nicole Nina Noémie Nora Nordine Norbert Odette
Odile Olena Olga Olivier Omar Oksana Oumar Ousmane Pascale Patricia Patrick Paul Paule Paulette
Pauline Philippe Rachel Rachid Rachida Raphaël Raymond Rebecca Régine Régis René Renée Rémi Rémy
Richard Robert Roger Roland Romain Romane Rosa Sabine Sabrina Saïd Salima Salma Samia Samir Samira
Samuel Sandra Sandrine Sara Sarah Sébastien Selma Serge Sékou Simon Simone Sofia Sofiane Solange
Sonia Sophie Stéphane Stéphanie Suzanne Svetlana Sylvain Sylvie Tarek Tatiana Théo Thérèse
Thibault Thierry Thomas Valentin Valentine Valérie Vanessa Véronique Victor Vincent Virginie
Viviane Walid Wassim William Xavier Yacine Yann Yannick Yasmina Yasmine Younès Youssef Yves Yvette
Yvonne Zahra Zineb Zoé
"""
_BEFORE = """
saint sainte st ste rue avenue boulevard place quai square espace centre maison salle collège
lycée école médiathèque bibliothèque stade parc quartier gymnase résidence tour bâtiment pont
fondation institut université hôpital clinique groupe
"""
FIRST_NAMES = frozenset(_GIVEN.split())
CALLED_AFTER = frozenset(_BEFORE.split())
"""Words after which a person's name is a place's."""
